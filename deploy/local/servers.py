"""The private servers of one home, together: port mapper, broker and mongod."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from deploy.local import broker, mongod, ports, secrets
from deploy.local.broker import Broker, PortMapper
from deploy.local.home import Home
from deploy.local.mongod import Mongod
from deploy.local.server import Server, ServerFailed

__all__ = ["Broker", "Mongod", "PortMapper", "Server", "ServerFailed", "Servers", "servers_in"]

PORTS = (*broker.PORTS, *mongod.PORTS)


@dataclass(frozen=True, kw_only=True)
class Servers:
    """All private servers; each may be None where a real one is used instead."""

    mapper: PortMapper | None
    broker: Broker | None
    mongod: Mongod | None

    def all(self) -> list[Server]:
        """In the order in which they are started."""
        return [server for server in (self.mapper, self.broker, self.mongod) if server is not None]

    def start(self) -> None:
        """Starts all, the broker and mongod side by side, and returns when each of them answers."""
        if self.mapper is not None:
            self.mapper.start()
        for server in self.all():
            server.launch()
        for server in self.all():
            server.wait()

    def stop(self) -> None:
        for server in reversed(self.all()):
            server.stop()

    def kill(self) -> None:
        for server in reversed(self.all()):
            server.kill()


def servers_in(home: Home, *, own_broker: bool = True, own_mongod: bool = True) -> Servers:
    """The private servers of this home on their remembered ports, not started; needs its secrets."""
    chosen = ports.choose(home.ports, PORTS)
    return Servers(
        mapper=PortMapper(home.broker, home.logs / "epmd.log", chosen) if own_broker else None,
        broker=_broker(home, chosen) if own_broker else None,
        mongod=_mongod(home, chosen) if own_mongod else None,
    )


def _broker(home: Home, chosen: ports.Ports) -> Broker:
    password, cookie = (secrets.read(home.secrets, name) for name in ("broker_password", "broker_cookie"))
    return Broker(home.broker, home.logs / "broker.log", chosen, password=password, cookie=cookie)


def _mongod(home: Home, chosen: ports.Ports) -> Mongod:
    password, keyfile = secrets.read(home.secrets, "mongo_password"), _path(home, "mongo_keyfile")
    return Mongod(home.mongod, home.logs / "mongod.log", chosen, password=password, keyfile=keyfile)


def _path(home: Home, name: str) -> Path:
    return home.secrets / name
