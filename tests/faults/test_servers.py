"""The private servers of the tests themselves: they keep what they confirmed, whatever kills them."""

from __future__ import annotations

import time

import pika
import psutil
import pytest
from pymongo import MongoClient

from deploy.local.management import Management
from deploy.local.ports import is_free
from tests.servers import TestServers

QUEUE_AGE = 3.0  # a queue declared within two seconds before a kill -9 may be gone afterwards (BUS 0.1)


@pytest.fixture
def own(servers: TestServers) -> TestServers:
    if servers.broker is None or servers.mongod is None:
        pytest.skip("somebody else's servers are used: they are not ours to kill")
    return servers


def test_two_environments_share_nothing(servers: TestServers) -> None:
    one, other = servers.fresh_environment(), servers.fresh_environment(LOG_LEVEL="DEBUG")

    shared = {name for name in one if one[name] == other[name]}

    assert shared == {"MONGO_URL", "AMQP_URL", "AMQP_API", "YIZHAN_LADDER_DIVISOR"}


def test_a_broker_killed_and_started_again_still_has_its_messages(own: TestServers) -> None:
    assert own.broker is not None
    address = pika.URLParameters(f"{own.amqp_url}/{own.fresh_environment()['YIZHAN_CORE_VHOST']}")
    with pika.BlockingConnection(address) as link, link.channel() as channel:
        channel.confirm_delivery()
        channel.queue_declare("kept", durable=True)
        time.sleep(QUEUE_AGE)
        channel.basic_publish("", "kept", b"once", pika.BasicProperties(delivery_mode=2))

    own.broker.kill()
    own.broker.start()

    with pika.BlockingConnection(address) as link, link.channel() as channel:
        assert channel.basic_get("kept")[2] == b"once"


def test_a_mongod_killed_and_started_again_still_has_its_documents(own: TestServers) -> None:
    assert own.mongod is not None
    with MongoClient[dict[str, object]](own.mongo_url) as client:
        client.kept.things.insert_one({"_id": 1})

        own.mongod.kill()
        own.mongod.start()

        assert client.kept.things.count_documents({}) == 1


def test_a_mongod_on_another_port_is_primary_again(own: TestServers) -> None:
    assert own.mongod is not None
    first = own.mongod.port
    own.mongod.stop()

    own.mongod.port = next(port for port in range(31_000, 32_000) if is_free(port))
    own.mongod.start()

    with MongoClient[dict[str, object]](own.mongod.url) as client:
        assert client.moved.things.insert_one({}).acknowledged
    own.mongod.stop()
    own.mongod.port = first
    own.mongod.start()


def test_there_is_no_guest_at_the_broker_and_no_open_door_at_mongod(own: TestServers) -> None:
    assert own.mongod is not None

    users = {user["name"] for user in Management(own.amqp_api).get("/users")}
    stranger = MongoClient[dict[str, object]](f"mongodb://{own.mongod.host}/?directConnection=true")

    with pytest.raises(Exception, match="requires authentication"), stranger:
        stranger.admin.command("listDatabases")
    assert "yizhan" in users
    assert "guest" not in users


def test_the_servers_listen_on_this_machine_only(own: TestServers) -> None:
    pids = {server.pid for server in own.private.all()}

    listening = [
        connection.laddr.ip
        for connection in psutil.net_connections("tcp")
        if connection.pid in pids and connection.status == psutil.CONN_LISTEN
    ]

    assert len(listening) >= len(pids)
    assert set(listening) <= {"127.0.0.1", "::1"}
