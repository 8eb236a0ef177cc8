"""Examines an adapter in any language through its sandbox; the last line is one JSON object.

    yizhan-conformance court --amqp amqp://operator:password@host:5672/edge --secret FILE \\
        --report report.json -- python -m yizhan_adapter run court

The command gets DEPARTMENT, ADAPTER_AMQP_URL, ADAPTER_MAILBOX=sandbox and ADAPTER_STORE in its environment.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from pathlib import Path

from yizhan_conformance.kit import Subject, examine


def main(arguments: list[str] | None = None) -> int:
    """Run all cases; 0 when every one passed."""
    parser = argparse.ArgumentParser(prog="yizhan-conformance", description="Fourteen cases for an adapter")
    parser.add_argument("department")
    parser.add_argument(
        "--amqp", required=True, help="an operator's address on the departments' virtual host"
    )
    parser.add_argument("--secret", required=True, type=Path, help="file with the department's password")
    parser.add_argument("--report", type=Path, help="where the report is written")
    parser.add_argument("command", nargs="+", help="how the adapter is started")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        report = examine(_subject(options, Path(folder)), _say)
    if options.report:
        options.report.write_text(json.dumps(report, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    _say(json.dumps({options.department: {"passed": report["passed"], "of": report["of"]}}))
    return 0 if report["passed"] == report["of"] else 1


def _subject(options: argparse.Namespace, folder: Path) -> Subject:
    return Subject(
        department=options.department,
        command=options.command,
        url=options.amqp,
        password=options.secret.read_text().strip(),
        folder=folder,
    )


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def entry() -> None:
    """The program `yizhan-conformance`."""
    sys.exit(main())


if __name__ == "__main__":
    entry()
