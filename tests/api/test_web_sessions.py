"""A session that ended elsewhere ends here; silence of identity changes nothing."""

from __future__ import annotations

from datetime import timedelta

import pytest
import requests

from shared import ids, tokens
from shared.errors import Unauthorised
from shared.web.sessions import learn
from tests.signing import secrets_folder


def token_of(session: str) -> str:
    claims = tokens.Claims(ref="somebody", roles=("clerk",), id=session)
    return tokens.issue((secrets_folder() / "identity_key.pem").read_text(), claims, timedelta(minutes=5))


def test_a_session_that_identity_lists_is_over() -> None:
    session = ids.new()
    token = token_of(session)
    assert tokens.verify(token).ref == "somebody"

    assert learn(lambda: [session])

    with pytest.raises(Unauthorised, match="已退出") as refused:
        tokens.verify(token)
    assert refused.value.code == "session_ended"


def test_when_identity_is_silent_what_was_known_holds() -> None:
    session = ids.new()
    learn(lambda: [session])

    def silent() -> list[str]:
        raise requests.ConnectTimeout

    assert not learn(silent)
    with pytest.raises(Unauthorised):
        tokens.verify(token_of(session))
