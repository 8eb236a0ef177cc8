"""Single sign-on against a real small provider (a library's, on a port of its own), not a pretended one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from oidc_provider_mock import User, run_server_in_thread

from services.identity.handlers import upstream
from services.identity.handlers.upstream import Provider
from services.identity.model.proof import Where
from shared import tokens
from shared.errors import Unauthorised, Unavailable
from shared.settings import settings
from tests.api.identity_door import LI, Door, SecondFactor, house
from tests.signing import bearer, secrets_folder

PEOPLE = (
    User(sub="gov-17", claims={"preferred_username": "li.mei"}),
    User(sub="gov-18", claims={"preferred_username": "nobody.here"}),
    User(sub="gov-19", claims={"preferred_username": "li.mei"}),
    User(sub="gov-20", claims={"preferred_username": "li.mei", "amr": ["pwd", "otp"]}),
)


@pytest.fixture(scope="module")
def issuer() -> Iterator[str]:
    with run_server_in_thread(user_claims=PEOPLE) as server:
        yield f"http://localhost:{server.server_port}"


@pytest.fixture
def door(issuer: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Door]:
    (secrets_folder() / "oidc_secret").write_text("secret-between-us\n")
    monkeypatch.setenv("YIZHAN_OIDC_ISSUER", issuer)
    settings.cache_clear()
    yield Door(house())
    monkeypatch.undo()
    settings.cache_clear()


def go(door: Door) -> str:
    """Press the button; the address of the provider's page."""
    return str(door.client.get("/identity/upstream?next=/routing/cases").location)


def agree(address: str, sub: str) -> str:
    """Sign in at the provider; the address it sends the browser back to."""
    return requests.post(address, data={"sub": sub}, allow_redirects=False, timeout=5).headers["Location"]


def back(door: Door, address: str) -> Any:
    """Come back."""
    place = urlsplit(address)
    return door.client.get(f"{place.path}?{place.query}")


def test_who_the_provider_vouches_for_is_signed_in_with_the_posts_we_know(door: Door) -> None:
    reply = back(door, agree(go(door), "gov-17"))

    claims = tokens.verify(door.client.get_cookie("yz").value)
    assert (reply.status_code, claims.ref, claims.roles) == (200, LI, ("clerk", "mediator"))
    assert 'url=/routing/cases"' in reply.text
    assert door.house.stores.accounts.load(LI).state.external.endswith("|gov-17")
    assert door.house.stores.sessions.of(LI)[0].proofs == ("oidc",)
    assert door.client.get("/identity/security").status_code == 200


def test_an_account_stays_with_the_person_it_was_first_tied_to(door: Door) -> None:
    back(door, agree(go(door), "gov-17"))

    other = back(door, agree(go(door), "gov-19"))
    guard = bearer("sec_admin")
    door.post(f"/accounts/{LI}/unlink", guard)
    after = back(door, agree(go(door), "gov-19"))

    assert (other.status_code, after.status_code) == (302, 200)
    assert door.house.told().count("account.linked") == 2


def test_who_has_no_account_here_gets_none(door: Door) -> None:
    reply = back(door, agree(go(door), "gov-18"))

    assert reply.status_code == 302
    assert door.client.get_cookie("yz") is None


def test_an_answer_is_good_once_and_in_the_browser_that_asked(door: Door) -> None:
    address = agree(go(door), "gov-17")
    elsewhere = Door(door.house)
    first = back(elsewhere, address)
    asked = agree(go(door), "gov-17")

    used, again = back(door, asked), back(door, asked)

    assert [r.status_code for r in (first, used, again)] == [302, 200, 302]
    assert elsewhere.client.get_cookie("yz") is None


@pytest.mark.parametrize("query", ["", "?state=x", "?code=x", "?error=access_denied&state=x"])
def test_half_an_answer_is_400(door: Door, query: str) -> None:
    assert door.client.get(f"/identity/upstream/back{query}").status_code == 400


def test_a_code_of_somebody_else_or_a_wrong_nonce_is_refused(door: Door, issuer: str) -> None:
    known, stores = upstream.provider(), door.house.stores
    address, state = upstream.begin(stores, known, "/", "b")
    stolen = parse_qs(urlsplit(agree(address, "gov-17")).query)["code"][0]
    _, other = upstream.begin(stores, known, "/", "b")
    why: Any = {"browser": "b", "where": Where(), "cause": None}

    for one, code in ((other, stolen), (state, "made-up")):
        with pytest.raises(Unauthorised):
            upstream.finish(stores, known, state=one, code=code, **why)


def test_a_second_factor_at_the_provider_counts_and_without_it_ours_is_asked(door: Door) -> None:
    door.house = house(second_factor=SecondFactor(required_for=("clerk",)))
    door.client = door.house.client()

    back(door, agree(go(door), "gov-17"))
    weak = tokens.verify(door.client.get_cookie("yz").value)
    door.post(f"/accounts/{LI}/unlink", bearer("sec_admin"))
    back(door, agree(go(door), "gov-20"))
    strong = tokens.verify(door.client.get_cookie("yz").value)

    assert (weak.roles, strong.roles) == ((), ("clerk", "mediator"))


def test_a_provider_that_does_not_answer_is_503_and_one_that_lies_about_itself_is_not_used(
    door: Door, issuer: str
) -> None:
    gone = Provider(issuer="http://localhost:9", client="c", secret="s", claim="c", redirect="http://x")
    liar = Provider(issuer=issuer + "/x", client="c", secret="s", claim="c", redirect="http://x")

    for provider in (gone, liar):
        with pytest.raises(Unavailable):
            upstream.begin(door.house.stores, provider, "/", "b")


def test_a_county_without_provider_says_so(client: Any) -> None:
    assert client.get("/identity/upstream").status_code == 404
