"""The pieces of docs/asyncapi.json: servers, channels, operations, messages and the envelope around them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import MISSING, fields

import orjson

from shared.contracts.base import Event
from shared.contracts.golden import envelope
from shared.contracts.schemas import Json, json_schema, stem
from shared.contracts.wire import CONTENT_TYPE, REQUIRED, Envelope, encode

__all__ = ["CONTENT_TYPE", "components", "exchange_channel", "info", "operation", "queue_channel", "server"]

AMQP = "0.3.0"  # version of the AMQP binding
_DROPPED = ("$schema", "$id")  # a schema inside a document is found by its place

_PARAMETERS = {
    "type": {"description": "Type and major version of the event, e.g. case.assigned.v1"},
    "county6": {"description": "Six-digit code of the county the event belongs to"},
    "department": {"description": "Id of a department as the county's profile names it"},
}
_ATTRIBUTES = {
    "id": "UUID of the event; with `source` it makes a message one message",
    "source": "who tells it: /svc/<service>/<county6> or /dept/<department>",
    "type": "name and major version: case.assigned.v1",
    "subject": "the aggregate it is about: case/<id>",
    "time": "when the fact happened, UTC with milliseconds",
    "sequence": "<version of the aggregate>.<index within one write>, padded so that it sorts as text",
    "data": "the fact itself: ids, codes, times, counts and booleans, never a name or a text",
    "last": "whether it ends its write, so that a gap can be told from silence",
    "correlationid": "the request or message at the beginning of the chain",
    "causationid": "the event this one answers; required in answers",
    "traceparent": "W3C trace context",
    "regioncode": "region of the aggregate, 6 to 17 digits, a prefix is the region above",
    "profileversion": "version of the county's profile that was in force",
    "actorrole": "role of who acted, never a person",
    "classification": "protected when the case's listeners must take special care",
    "dataschema": "the contract with its minor version",
    "specversion": "version of CloudEvents",
    "datacontenttype": "what `data` is",
}


def info(version: str) -> Json:
    """Title, licence and the rules that hold for every message."""
    return {
        "title": "Yizhan events",
        "version": version,
        "description": (
            "Every event, ask and answer of Yizhan. The AMQP body is one whole CloudEvent in JSON. "
            "Delivery is at least once; order per subject is by `sequence`. "
            "A field that a listener does not know is left out by it; "
            "a message it can never understand is parked."
        ),
        "license": {"name": "Apache-2.0", "url": "https://www.apache.org/licenses/LICENSE-2.0"},
        "contact": {"name": "The Yizhan authors"},
        "tags": [{"name": "mediation"}, {"name": "events"}],
    }


def server(vhost: str) -> Json:
    """One virtual host of the broker."""
    who = {"core": "the seven services", "edge": "routing and the departments' own systems"}[vhost]
    return {
        "host": "{broker}",
        "pathname": f"/{vhost}",
        "protocol": "amqp",
        "protocolVersion": "0.9.1",
        "description": f"RabbitMQ, virtual host of {who}",
        "variables": {"broker": {"default": "127.0.0.1:5672", "description": "Address of the broker"}},
        "security": [{"$ref": "#/components/securitySchemes/user"}],
    }


def exchange_channel(vhost: str, exchange: str, kind: str, key: str, told: Iterable[type[Event]]) -> Json:
    """An exchange and the routing key that messages go in with."""
    of = {"name": exchange, "type": kind, "durable": True, "autoDelete": False, "vhost": vhost}
    binding = {"is": "routingKey", "exchange": of, "bindingVersion": AMQP}
    return _channel(vhost, key, f"{exchange}, key {key}", binding, told)


def queue_channel(vhost: str, queue: str, told: Iterable[type[Event]]) -> Json:
    """A queue that somebody consumes."""
    of = {"name": queue, "durable": True, "exclusive": False, "autoDelete": False, "vhost": vhost}
    return _channel(vhost, queue, queue, {"is": "queue", "queue": of, "bindingVersion": AMQP}, told)


def _channel(vhost: str, address: str, title: str, binding: Json, told: Iterable[type[Event]]) -> Json:
    parameters = {name: _PARAMETERS[name] for name in re.findall(r"{(\w+)}", address)}
    return {
        "address": address,
        "title": title,
        "servers": [{"$ref": f"#/servers/{vhost}"}],
        **({"parameters": parameters} if parameters else {}),
        "messages": {stem(c): {"$ref": f"#/components/messages/{stem(c)}"} for c in told},
        "bindings": {"amqp": binding},
    }


def operation(action: str, who: str, channel: str, told: Iterable[type[Event]]) -> Json:
    """Who sends what where, or receives what from where."""
    place = "#/channels/" + channel
    sends = {"deliveryMode": 2, "mandatory": True, "timestamp": True, "bindingVersion": AMQP}
    return {
        "action": action,
        "channel": {"$ref": place},
        "summary": f"What {who} {'tells' if action == 'send' else 'hears'}",
        "tags": [{"name": who}],
        "messages": [{"$ref": f"{place}/messages/{stem(c)}"} for c in told],
        "bindings": {"amqp": sends if action == "send" else {"ack": True, "bindingVersion": AMQP}},
    }


def components(contracts: Iterable[type[Event]]) -> Json:
    """Every message with its data, the envelope they share, and how to sign in at the broker."""
    known = tuple(contracts)
    return {
        "messages": {stem(c): _message(c) for c in known},
        "messageTraits": {"cloudevent": _trait()},
        "schemas": {"envelope": _envelope()} | {stem(c): _data(c) for c in known},
        "securitySchemes": {"user": {"type": "userPassword", "description": "A broker user per process"}},
    }


def _message(contract: type[Event]) -> Json:
    name = stem(contract)
    own = {"type": {"const": name}, "data": {"$ref": f"#/components/schemas/{name}"}}
    inside = {"type": "object", "properties": own}
    return {
        "name": name,
        "title": contract.__name__,
        "summary": json_schema(contract)["description"],
        "tags": [{"name": tag} for tag in sorted({contract.PUBLISHER, contract.AGGREGATE})],
        "traits": [{"$ref": "#/components/messageTraits/cloudevent"}],
        "payload": {"allOf": [{"$ref": "#/components/schemas/envelope"}, inside]},
        "examples": [{"name": "example", "payload": orjson.loads(encode(envelope(contract)))}],
        "bindings": {"amqp": {"contentEncoding": "utf-8", "messageType": name, "bindingVersion": AMQP}},
    }


def _trait() -> Json:
    headers = {
        "x-attempt": {"type": "integer", "minimum": 1, "description": "How often it was tried"},
        "x-first-failed": {"type": "string", "description": "When it failed first"},
        "x-last-error": {"type": "string", "description": "Kind of the last failure, without its text"},
    }
    return {
        "contentType": CONTENT_TYPE,
        "headers": {"type": "object", "properties": headers},
        "correlationId": {"location": "$message.payload#/correlationid"},
    }


def _envelope() -> Json:
    return {
        "type": "object",
        "description": "CloudEvents 1.0, structured mode. An attribute without a value is left out.",
        "properties": {f.name: _attribute(f.name, f.default) for f in fields(Envelope)},
        "required": [*REQUIRED, "data"],
    }


def _attribute(name: str, default: object) -> Json:
    kind = {"data": "object", "last": "boolean"}.get(name, "string")
    extra = {"default": default} if default not in (MISSING, "") else {}
    return {"type": kind, "description": _ATTRIBUTES[name], **extra}


def _data(contract: type[Event]) -> Json:
    return {key: value for key, value in json_schema(contract).items() if key not in _DROPPED}
