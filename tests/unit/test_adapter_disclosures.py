"""Personal fields come from the vault: for a purpose, on a basis, with a receipt, and are kept by nobody."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from email.message import Message
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.request import OpenerDirector

import pytest

from tests.toys.adapters import NOON, an_ask, ask_body, kept, open_store
from yizhan_adapter import Accepted, Answer, Ask, Disclosed, NeverPossible, Office, OfficeDown, TryLater
from yizhan_adapter.desk import Desk
from yizhan_adapter.disclosures import TOKENS, VAULT, Vault
from yizhan_adapter.errors import NotSignedIn

GIVEN = {"receipt_id": "r-1", "fields": {"applicant_name": "甲"}, "disclosed_at": "2026-11-23T04:00:00Z"}


@dataclass
class Centre:
    """A centre that notes what it is asked; `says` are its next answers about the vault."""

    says: list[Any] = field(default_factory=list)
    asked: list[tuple[str, Any, Mapping[str, str]]] = field(default_factory=list)

    def office(self, url: str) -> Office:
        centre = self

        class Counter(Office):
            def send(
                self, method: str, path: str, body: Any = None, headers: Mapping[str, str] | None = None
            ) -> Any:
                centre.asked.append((path, body, headers or {}))
                return {"access_token": f"t{len(centre.asked)}"} if path == TOKENS else centre.next()

        return Counter(url)

    def next(self) -> Any:
        said = self.says.pop(0) if self.says else GIVEN
        if isinstance(said, Exception):
            raise said
        return said

    @property
    def paths(self) -> list[str]:
        return [path for path, _, _ in self.asked]


@pytest.fixture
def centre() -> Centre:
    return Centre()


def able(centre: Centre, **more: Any) -> Ask:
    """An ask whose vault is this centre's."""
    vault = Vault(
        "https://centre.invalid", "court", lambda: "secret", "civil_procedure_law.205", centre.office
    )
    return replace(an_ask(), vault=vault, **more)


@pytest.mark.requirement("COR-02")
def test_fields_are_claimed_with_the_machine_token_for_a_purpose_on_the_manifests_basis(
    centre: Centre,
) -> None:
    ask = able(centre)

    found = ask.disclose(["applicant_name"], "judicial_confirmation")

    assert (found.receipt_id, dict(found.fields)) == ("r-1", {"applicant_name": "甲"})
    (_, signed_in, _), (path, body, headers) = centre.asked
    assert signed_in == {"grant": "client_credentials", "department": "court", "secret": "secret"}
    assert path == VAULT and headers["Authorization"] == "Bearer t1"
    assert body == {
        "recipient_unit": "court",
        "case_id": ask.case_id,
        "fields": ["applicant_name"],
        "purpose": "judicial_confirmation",
        "basis": "civil_procedure_law.205",
    }


def test_the_same_claim_again_has_the_same_key_and_another_claim_has_another(centre: Centre) -> None:
    ask = able(centre)

    for names, purpose in ((["a", "b"], "p"), (["b", "a"], "p"), (["a"], "p"), (["a", "b"], "q")):
        ask.disclose(names, purpose)

    keys = [headers["Idempotency-Key"] for path, _, headers in centre.asked if path == VAULT]
    assert keys[0] == keys[1] and len(set(keys)) == 3


def test_a_token_that_ran_out_is_renewed_once(centre: Centre) -> None:
    ask = able(centre)
    ask.disclose(["a"], "p")
    centre.says = [NotSignedIn("401")]

    ask.disclose(["a"], "p")

    assert centre.paths == [TOKENS, VAULT, VAULT, TOKENS, VAULT]


def test_who_is_still_not_known_after_signing_in_is_told_so(centre: Centre) -> None:
    centre.says = [NotSignedIn("401")]

    with pytest.raises(NotSignedIn):
        able(centre).disclose(["a"], "p")


def test_a_vault_that_is_down_means_later_and_does_not_close_the_back_office(centre: Centre) -> None:
    centre.says = [OfficeDown("503")]

    with pytest.raises(TryLater) as later:
        able(centre).disclose(["a"], "p")

    assert not isinstance(later.value, OfficeDown)


def test_what_is_refused_is_never_tried_again(centre: Centre) -> None:
    centre.says = [NeverPossible("403")]

    with pytest.raises(NeverPossible):
        able(centre).disclose(["a"], "p")


@pytest.mark.parametrize("answer", [{}, [], {"receipt_id": "r"}, GIVEN | {"disclosed_at": "noon"}])
def test_an_answer_that_is_none_is_asked_for_again(centre: Centre, answer: Any) -> None:
    centre.says = [answer]

    with pytest.raises(TryLater, match="not one"):
        able(centre).disclose(["a"], "p")


@pytest.mark.parametrize(("fields", "purpose"), [([], "p"), (["a"], " ")])
def test_a_claim_without_fields_or_purpose_is_not_even_sent(
    centre: Centre, fields: list[str], purpose: str
) -> None:
    with pytest.raises(NeverPossible, match="names its fields and its purpose"):
        able(centre).disclose(fields, purpose)

    assert centre.asked == []


def test_without_the_centres_address_the_error_names_the_variable() -> None:
    with pytest.raises(NeverPossible, match="YIZHAN_URL"):
        an_ask().disclose(["a"], "p")


class Filing:
    """A plug-in that needs a name to hand the case over."""

    department, name = "court", "filing"

    def __init__(self) -> None:
        self.seen: Disclosed | None = None

    def handle(self, ask: Ask) -> Answer | None:
        self.seen = ask.disclose(["applicant_name"], "filing")
        return Accepted()


def test_a_plug_in_gets_the_fields_and_the_store_keeps_none_of_them(centre: Centre, tmp_path: Path) -> None:
    store, filing = open_store(tmp_path), Filing()
    kept(store)
    vault = able(centre).vault

    Desk(filing, store, clock=lambda: NOON, vault=vault).round(1e12)

    assert filing.seen and filing.seen.fields["applicant_name"] == "甲"
    assert "甲" not in repr(filing.seen)
    store.close()
    for file in tmp_path.iterdir():
        assert "甲".encode() not in file.read_bytes()


def test_an_ask_shows_no_vault_when_it_is_printed(centre: Centre) -> None:
    assert "vault" not in repr(able(centre))
    assert able(centre) == an_ask()
    assert json.loads(ask_body())["id"] == an_ask().event_id


@pytest.mark.parametrize(
    "error",
    [URLError("away"), HTTPError("http://centre.invalid", 403, "no", Message(), BytesIO(b"{}"))],
    ids=["down", "refused"],
)
def test_an_error_never_repeats_the_token_of_a_link(error: Exception) -> None:
    office = Office("http://centre.invalid")

    class Away(OpenerDirector):
        def open(self, *given: Any, **more: Any) -> Any:
            raise error

    office._opener = Away()

    with pytest.raises((OfficeDown, NeverPossible)) as raised:
        office.fetch("/intake/files/abc?link=a-bearer-token", 100)

    assert "/intake/files/abc" in str(raised.value) and "a-bearer-token" not in str(raised.value)
