"""Secrets are made once, are nobody else's to read, and the key set is one that others can verify with."""

from __future__ import annotations

import base64
import json
import stat
from pathlib import Path

import jwt

from deploy.local.secrets import ensure, exposed, read


def test_every_secret_is_its_own_and_readable_by_its_owner_only(tmp_path: Path) -> None:
    folder = ensure(tmp_path / "secrets", ["routing"], ["court"])

    contents = [file.read_text() for file in folder.iterdir()]

    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {stat.S_IMODE(file.stat().st_mode) for file in folder.iterdir()} == {0o600}
    assert len(set(contents)) == len(contents)
    assert {"service_routing", "dept_court", "first_admin", "vault_key", "index_key"} <= {
        file.name for file in folder.iterdir()
    }


def test_a_second_start_keeps_what_is_there_and_adds_what_is_new(tmp_path: Path) -> None:
    folder = ensure(tmp_path, ["routing"])
    before = {file.name: file.read_text() for file in folder.iterdir()}

    ensure(tmp_path, ["routing", "grid"])

    after = {file.name: file.read_text() for file in folder.iterdir()}
    assert after.items() >= before.items()
    assert after.keys() - before.keys() == {"service_grid"}


def test_the_field_keys_are_256_bits(tmp_path: Path) -> None:
    folder = ensure(tmp_path)

    assert [len(base64.b64decode(read(folder, name))) for name in ("vault_key", "index_key")] == [32, 32]


def test_a_token_signed_with_the_private_key_is_verified_with_the_published_one(tmp_path: Path) -> None:
    folder = ensure(tmp_path)
    published = jwt.PyJWKSet.from_json(read(folder, "jwks.json")).keys[0]

    token = jwt.encode({"sub": "li"}, read(folder, "identity_key.pem"), "EdDSA", {"kid": published.key_id})

    assert jwt.decode(token, published.key, ["EdDSA"]) == {"sub": "li"}
    assert jwt.get_unverified_header(token)["kid"] == published.key_id


def test_the_published_set_holds_no_private_part(tmp_path: Path) -> None:
    (key,) = json.loads(read(ensure(tmp_path), "jwks.json"))["keys"]

    assert key.keys() == {"kty", "crv", "x", "kid", "use", "alg"}


def test_a_secret_that_others_can_read_is_reported(tmp_path: Path) -> None:
    folder = ensure(tmp_path)
    assert exposed(folder) == []

    (folder / "vault_key").chmod(0o644)

    assert exposed(folder) == ["vault_key"]
