"""The web process: `python -m shared.web.run services.intake.api … --bind 127.0.0.1:8700 --threads 8`.

Each module's `create_app()` answers under its service's own prefix. The applications are made inside the
worker process, because database clients do not survive a fork.
"""

from __future__ import annotations

import importlib
import json
import logging
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import click
from flask import Flask
from gunicorn.app.base import BaseApplication
from gunicorn.glogging import Logger

from shared import logs
from shared.settings import settings
from shared.web import sessions
from shared.web.asker import BehindDoors, Wsgi
from shared.web.site import KEY

GRACE = 20  # seconds a request may still take after the process was asked to stop
HOME = "/reporting/board"
LAST_RESORT = "/identity/sign-in"


class Mounted:
    """Several services' applications in one process, told apart by the first part of the path."""

    def __init__(self, apps: Sequence[Flask]) -> None:
        self.apps: dict[str, Wsgi] = {app.extensions[KEY].service: app.wsgi_app for app in apps}

    def __call__(self, environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "")
        app = self.apps.get(path.split("/", 2)[1] if path.startswith("/") else "")
        if app is not None:
            return app(environ, start)
        return self._elsewhere(path, start)

    def _elsewhere(self, path: str, start: Callable[..., Any]) -> Iterable[bytes]:
        if path in ("", "/") and {"reporting", "identity"} & self.apps.keys():
            start("302 Found", [("Location", HOME if "reporting" in self.apps else LAST_RESORT)])
            return [b""]
        body = json.dumps({"code": "not_found", "message": "没有找到这个地址"}, ensure_ascii=False).encode()
        start("404 Not Found", [("Content-Type", "application/json"), ("Content-Length", str(len(body)))])
        return [body]


def load(modules: Iterable[str]) -> Mounted:
    """The applications of modules named on a command line."""
    return Mounted([importlib.import_module(module).create_app() for module in modules])


class JsonLogger(Logger):  # type: ignore[misc]
    """gunicorn's own lines as ours; no access log, because query strings may hold what a person typed."""

    def setup(self, cfg: Any) -> None:
        """Send gunicorn's lines to the root logger."""
        logs.set_up(settings().log_level)
        self.error_log = logging.getLogger("gunicorn.error")
        self.error_log.handlers.clear()
        self.error_log.propagate = True
        self.error_log.setLevel(logging.INFO)
        self.access_log.handlers.clear()
        self.access_log.disabled = True


class Server(BaseApplication):  # type: ignore[misc]
    """gunicorn with one process and some threads; another process is another replica."""

    def __init__(self, modules: Sequence[str], options: dict[str, Any]) -> None:
        self.modules, self.options = modules, options
        super().__init__()

    def load_config(self) -> None:
        for name, value in self.options.items():
            self.cfg.set(name, value)

    def load(self) -> Wsgi:
        mounted = BehindDoors(
            load(self.modules),
            self.cfg.forwarded_allow_ips,
            certificates=settings().client_certificates,
        )
        sessions.watch()
        return mounted


def options(bind: str, threads: int) -> dict[str, Any]:
    """gunicorn's settings."""
    return {
        "bind": bind,
        "workers": 1,
        "worker_class": "gthread",
        "threads": threads,
        "preload_app": False,
        "accesslog": None,
        "logger_class": JsonLogger,
        "graceful_timeout": GRACE,
        "timeout": 60,
        "keepalive": 5,
        "control_socket_disable": True,
        "limit_request_line": 8190,
        "proc_name": "yizhan-web",
    }


@click.command()
@click.argument("modules", nargs=-1, required=True)
@click.option("--bind", default="127.0.0.1:8700", help="address to listen on")
@click.option("--threads", default=8, type=click.IntRange(1, 256), help="requests in hand at once")
def main(modules: tuple[str, ...], bind: str, threads: int) -> None:
    """Serve the applications of the named modules."""
    Server(modules, options(bind, threads)).run()


if __name__ == "__main__":
    main()
