"""A private RabbitMQ node with its own home, cookie, port mapper and user; nobody else's node is touched."""

from __future__ import annotations

import base64
import contextlib
import hashlib
import json
import os
import pwd
import secrets
import shutil
import subprocess
from pathlib import Path

import httpx

from deploy.local import ports
from deploy.local.child import Command
from deploy.local.management import Management
from deploy.local.ports import Ports
from deploy.local.server import Server

PORTS = ("amqp", "amqp_api", "amqp_metrics", "amqp_distribution", "epmd")
SCRIPT = Path(
    "/usr/lib/rabbitmq/bin/rabbitmq-server"
)  # not the one in /usr/sbin, which changes home and cookie
SYSTEM_USER = "rabbitmq"
ADMIN = "yizhan"
PATH = "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin"
SETTINGS = """\
listeners.tcp.1 = 127.0.0.1:{amqp}
management.tcp.ip = 127.0.0.1
management.tcp.port = {amqp_api}
prometheus.tcp.ip = 127.0.0.1
prometheus.tcp.port = {amqp_metrics}
load_definitions = {folder}/definitions.json
max_message_size = 1048576
consumer_timeout = 900000
disk_free_limit.absolute = 2GB
vm_memory_high_watermark.relative = 0.4
heartbeat = 20
channel_max = 64
cluster_partition_handling = pause_minority
# the design asks for ten seconds; a handful of queues can afford numbers that are two seconds old
collect_statistics_interval = 2000
"""
# Quorum queues tell their state and policy by this beat (five seconds else), and every start waits for that.
ADVANCED = "[{rabbit, [{quorum_tick_interval, 2000}]}].\n"


class PortMapper(Server):
    """Erlang's epmd on a port of our own. Left to itself, a node would start one that never ends."""

    name = "epmd"

    def __init__(self, folder: Path, log: Path, ports: Ports) -> None:
        super().__init__(folder, log)
        self.ports = ports

    def command(self) -> Command:
        user = prepare_folder(self.folder)
        program = shutil.which("epmd", path=PATH) or "epmd"
        argv = (program, "-port", str(self.ports["epmd"]), "-address", "127.0.0.1")
        surroundings = {"PATH": PATH, "HOME": str(self.folder)}
        return Command(
            name=self.name, argv=argv, folder=self.folder, log=self.log, environment=surroundings, user=user
        )

    def answers(self) -> bool:
        return ports.answers(self.ports["epmd"])


class Broker(Server):
    """One RabbitMQ node on loopback. Start the port mapper of the same folder first."""

    name = "broker"

    def __init__(self, folder: Path, log: Path, ports: Ports, *, password: str, cookie: str) -> None:
        super().__init__(folder, log)
        self.ports = ports
        self._password = password
        self._cookie = cookie
        self._management = Management(self.api, timeout=3)

    @property
    def url(self) -> str:
        """AMQP address without a virtual host."""
        return f"amqp://{ADMIN}:{self._password}@127.0.0.1:{self.ports['amqp']}"

    @property
    def api(self) -> str:
        return f"http://{ADMIN}:{self._password}@127.0.0.1:{self.ports['amqp_api']}"

    def command(self) -> Command:
        user = prepare_folder(self.folder)
        self._write_files()
        give(self.folder, user)
        return Command(
            name=self.name,
            argv=(str(SCRIPT),),
            folder=self.folder,
            log=self.log,
            environment=self._environment(),
            user=user,
        )

    def answers(self) -> bool:
        """Both doors open: the management API comes up a little before the AMQP listener."""
        with contextlib.suppress(httpx.HTTPError):
            return bool(self._management.get("/overview")) and ports.answers(self.ports["amqp"])
        return False

    def _write_files(self) -> None:
        _write(self.folder / ".erlang.cookie", self._cookie, 0o400)
        _write(self.folder / "rabbitmq.conf", SETTINGS.format(folder=self.folder, **self.ports))
        _write(self.folder / "advanced.config", ADVANCED)
        _write(self.folder / "enabled_plugins", "[rabbitmq_management,rabbitmq_prometheus].\n")
        _write(self.folder / "definitions.json", json.dumps(definitions(self._password)))
        _write(self.folder / "rabbitmq-env.conf", "")  # or Debian's in /etc would be read

    def _environment(self) -> dict[str, str]:
        folder = self.folder
        return {
            "PATH": PATH,
            "LANG": "C.UTF-8",
            "HOME": str(folder),
            "RUNNING_UNDER_SYSTEMD": "true",  # the script then becomes the node instead of guarding it
            "RABBITMQ_NODENAME": _node_name(folder),
            "RABBITMQ_CONF_ENV_FILE": str(folder / "rabbitmq-env.conf"),
            "RABBITMQ_CONFIG_FILE": str(folder / "rabbitmq.conf"),
            "RABBITMQ_ADVANCED_CONFIG_FILE": str(folder / "advanced.config"),
            "RABBITMQ_ENABLED_PLUGINS_FILE": str(folder / "enabled_plugins"),
            "RABBITMQ_MNESIA_BASE": str(folder / "mnesia"),
            "RABBITMQ_GENERATED_CONFIG_DIR": str(folder / "config"),
            "RABBITMQ_LOG_BASE": str(folder / "log"),
            "RABBITMQ_LOGS": "-",
            "RABBITMQ_PID_FILE": str(folder / "pid"),
            "RABBITMQ_DIST_PORT": str(self.ports["amqp_distribution"]),
            "ERL_EPMD_PORT": str(self.ports["epmd"]),
            "ERL_EPMD_ADDRESS": "127.0.0.1",
            "ERL_CRASH_DUMP_BYTES": "0",
            "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": (
                "+S 2:2 +sbwt none -kernel inet_dist_use_interface {127,0,0,1}"
            ),
        }


def definitions(password: str) -> dict[str, object]:
    """What the node has from its first second: both virtual hosts and one user, and so never a guest."""
    salt = hashlib.sha256(f"salt {password}".encode()).digest()[:4]
    digest = base64.b64encode(salt + hashlib.sha256(salt + password.encode()).digest()).decode()
    user = {
        "name": ADMIN,
        "password_hash": digest,
        "hashing_algorithm": "rabbit_password_hashing_sha256",
        "tags": ["administrator"],
        "limits": {},
    }
    everything = {"user": ADMIN, "configure": ".*", "write": ".*", "read": ".*"}
    return {
        "users": [user],
        "vhosts": [{"name": "core"}, {"name": "edge"}],
        "permissions": [everything | {"vhost": "core"}, everything | {"vhost": "edge"}],
    }


def prepare_folder(folder: Path) -> str | None:
    """Makes the folder and says as whom to run: root steps down to Debian's user where that one can enter."""
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
    user = SYSTEM_USER if os.geteuid() == 0 and _exists(SYSTEM_USER) else None
    give(folder, user)
    if user is not None and not _can_enter(user, folder):
        give(folder, "root")  # a checkout under /root, for example: closed to everyone but root
        return None
    return user


def give(folder: Path, user: str | None) -> None:
    """Makes the user the owner of the folder and all in it."""
    if user is not None:
        owner = pwd.getpwnam(user)
        for path in (folder, *folder.rglob("*")):
            os.chown(path, owner.pw_uid, owner.pw_gid, follow_symlinks=False)


def _can_enter(user: str, folder: Path) -> bool:
    owner = pwd.getpwnam(user)
    step_down = ["setpriv", f"--reuid={owner.pw_uid}", f"--regid={owner.pw_gid}", "--clear-groups"]
    return subprocess.run([*step_down, "test", "-w", folder], check=False).returncode == 0


def _exists(user: str) -> bool:
    with contextlib.suppress(KeyError):
        return bool(pwd.getpwnam(user))
    return False


def _node_name(folder: Path) -> str:
    """Chosen once and kept with the data, which is lost to a node of another name."""
    file = folder / "node_name"
    if not file.exists():
        _write(file, f"yizhan_{secrets.token_hex(4)}@localhost")
    return file.read_text().strip()


def _write(file: Path, text: str, mode: int = 0o600) -> None:
    file.unlink(missing_ok=True)
    file.write_text(text)
    file.chmod(mode)
