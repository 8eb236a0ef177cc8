"""An adapter as one should not write it: acknowledges at once, stores nothing, answers everything anew."""

from __future__ import annotations

import json
import os
import time
import uuid
from typing import Any

import pika
from pika.exceptions import AMQPError


def answer(event: dict[str, Any], department: str) -> bytes:
    """Received; under a new id each time."""
    id = event.get("data", {}).get("delivery_id", event["subject"].partition("/")[2])
    told = {
        "specversion": "1.0",
        "id": str(uuid.uuid4()),
        "source": f"/dept/{department}",
        "type": "answer.received.v1",
        "subject": f"delivery/{id}",
        "time": "2026-11-22T00:00:00Z",
        "sequence": "0000000001.00",
        "causationid": event["id"],
        "data": {"delivery_id": id},
    }
    return json.dumps(told).encode()


def serve(department: str, url: str, queue: str) -> None:
    """Until the line is lost."""
    with pika.BlockingConnection(pika.URLParameters(url)) as link, link.channel() as channel:
        for _, _, body in channel.consume(f"dept.{department}.{queue}", auto_ack=True):
            about = pika.BasicProperties(content_type="application/cloudevents+json")
            channel.basic_publish(
                f"dept.{department}.out", "reply", answer(json.loads(body), department), about
            )


if __name__ == "__main__":
    while True:
        try:
            serve(os.environ["DEPARTMENT"], os.environ["ADAPTER_AMQP_URL"], os.environ["ADAPTER_MAILBOX"])
        except (AMQPError, OSError):
            time.sleep(0.5)
