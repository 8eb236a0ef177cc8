"""Every service describes itself in valid OpenAPI 3.1."""

from __future__ import annotations

import json
from pathlib import Path

from click.testing import CliRunner

from shared.web.openapi import applications, description, faults, main


def test_every_service_describes_itself() -> None:
    wrong = {service: faults(description(app, service)) for service, app in applications()}

    assert "identity" in wrong
    assert {service: found for service, found in wrong.items() if found} == {}


def test_a_wrong_description_is_named() -> None:
    operation = {"summary": "x", "responses": {"200": {"descriptio": "?"}}}
    bad = {
        "openapi": "3.1.0",
        "info": {"title": "x", "version": "1"},
        "paths": {"/x": {"get": operation, "post": {"responses": {"200": {"description": "ok"}}}}},
    }

    found = faults(bad)

    assert any("paths/" in fault for fault in found)
    assert "POST /x: no summary" in found


def test_public_operations_say_so(tmp_path: Path) -> None:
    done = CliRunner().invoke(main, ["--out", str(tmp_path)])

    written = json.loads((tmp_path / "identity.json").read_text())
    assert json.loads(done.output.splitlines()[-1])["faults"] == 0
    assert written["security"] == [{"bearer": []}]
    assert written["paths"]["/identity/tokens"]["post"]["security"] == []
    assert "security" not in written["paths"]["/identity/accounts"]["post"]
