"""The command behind `make asyncapi`: write the document, have it read, say in one line what was found."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import orjson

from shared.contracts.asyncapi.document import document, listeners

ROOT = Path(__file__).parents[3]
DOCUMENT = ROOT / "docs" / "asyncapi.json"
TOOL = ROOT / "tools" / "asyncapi"
SCHEMA = TOOL / "schema-3.0.0.json"

Findings = list[dict[str, Any]]


def modules() -> list[str]:
    """The workers of every service there is."""
    return sorted(f"services.{path.parent.name}.worker" for path in ROOT.glob("services/*/worker.py"))


def version() -> str:
    """The version of the product."""
    told = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    return str(told["project"]["version"])


def has_parser() -> bool:
    """Whether the official parser can run here; fetched once where node and npm are."""
    if not (shutil.which("node") and shutil.which("npm")):
        return False
    if (TOOL / "node_modules" / "@asyncapi" / "parser" / "package.json").exists():
        return True
    return subprocess.run(["npm", "ci", "--silent"], cwd=TOOL, stdout=subprocess.DEVNULL).returncode == 0


def parsed(path: Path) -> Findings:
    """What the official parser finds."""
    told = subprocess.run(["node", "check.mjs", str(path)], cwd=TOOL, check=True, capture_output=True)
    findings: Findings = orjson.loads(told.stdout)
    return findings


def against_schema(path: Path) -> Findings:
    """What the JSON Schema of AsyncAPI 3.0.0 finds; needs no node and no network."""
    from jsonschema import Draft7Validator

    validator = Draft7Validator(orjson.loads(SCHEMA.read_bytes()))
    found = validator.iter_errors(orjson.loads(path.read_bytes()))
    return [{"level": "error", "path": e.json_path, "message": e.message} for e in found]


def main(*named: str) -> int:
    """Write and check; `named` are worker modules, by default those of all services."""
    told = document(listeners(named or modules()), version())
    DOCUMENT.write_bytes(orjson.dumps(told, option=orjson.OPT_INDENT_2) + b"\n")
    findings = against_schema(DOCUMENT)
    if has_parser():
        findings += parsed(DOCUMENT)
    else:
        sys.stderr.write("no official parser here: read by the JSON Schema of AsyncAPI only\n")
    for finding in findings:
        sys.stderr.write(f"{finding['level']}: {finding['path']}: {finding['message']}\n")
    messages = len(told["components"]["messages"])
    errors, warnings = (sum(f["level"] == level for f in findings) for level in ("error", "warning"))
    line = {"messages": messages, "errors": errors, "warnings": warnings}
    sys.stdout.write(orjson.dumps(line).decode() + "\n")
    return 1 if errors or warnings else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
