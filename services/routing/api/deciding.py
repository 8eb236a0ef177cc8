"""Acting: one address per command of the table. Who may is written in the table, not here."""

from __future__ import annotations

from typing import Any

from services.routing import handlers
from services.routing.api import shown
from services.routing.api.scope import mine
from services.routing.handlers import merging
from services.routing.model import Case, roles
from services.routing.model import commands as asks
from services.routing.schemas import requests as ask
from services.routing.schemas.answers import CaseAnswer
from services.routing.store import Stores
from shared.aggregate import Held
from shared.web import answer, blueprint, caller, cause, here, needs, site

deciding = blueprint("commands", "Cases: what can be done with one")
DISPATCH = ("director", "dispatcher")


def told(held: Held[Case]) -> Any:
    """The case as it is after the command."""
    return answer(held, shown.full(held.state, caller().roles, site().clock(), here(Stores).county))


def ordered(case_id: Any, command: str, asked: Any = None) -> Any:
    """Give one command of the table, if the case is one the caller may know of."""
    mine(str(case_id))
    return told(handlers.order(here(Stores), str(case_id), command, cause(), asked))


@deciding.route("/cases/<uuid:case_id>/triage", methods=["POST"])
@needs(*roles("triage"))
@deciding.arguments(ask.TriageRequest)
@deciding.response(200, CaseAnswer)
def triage(asked: Any, case_id: Any) -> Any:
    """Sort the case: what it is, how hard, whether the parties want mediation (G3)."""
    return ordered(case_id, "triage", asked)


@deciding.route("/cases/<uuid:case_id>/not-accept", methods=["POST"])
@needs(*roles("not_accept"))
@deciding.arguments(ask.NotAcceptRequest)
@deciding.response(200, CaseAnswer)
def not_accept(asked: Any, case_id: Any) -> Any:
    """Do not accept the matter, for a lawful reason and with a written notice (G2)."""
    return ordered(case_id, "not_accept", asked)


@deciding.route("/cases/<uuid:case_id>/assign", methods=["POST"])
@needs(*roles("assign"))
@deciding.arguments(ask.AssignRequest)
@deciding.response(200, CaseAnswer)
def assign(asked: Any, case_id: Any) -> Any:
    """Give the case to its lead unit; without one the competence table chooses (G4)."""
    return ordered(case_id, "assign", asked)


@deciding.route("/cases/<uuid:case_id>/accept", methods=["POST"])
@needs(*roles("accept"))
@deciding.response(200, CaseAnswer)
def accept(case_id: Any) -> Any:
    """Take the case (接件, G5)."""
    return ordered(case_id, "accept")


@deciding.route("/cases/<uuid:case_id>/transfer", methods=["POST"])
@needs(*roles("transfer"))
@deciding.arguments(ask.TransferRequest)
@deciding.response(200, CaseAnswer)
def transfer(asked: Any, case_id: Any) -> Any:
    """Move the case to another unit (G7)."""
    return ordered(case_id, "transfer", asked)


@deciding.route("/cases/<uuid:case_id>/start", methods=["POST"])
@needs(*roles("start"))
@deciding.response(200, CaseAnswer)
def start(case_id: Any) -> Any:
    """Begin to handle the case (G8)."""
    return ordered(case_id, "start")


@deciding.route("/cases/<uuid:case_id>/arrive", methods=["POST"])
@needs(*roles("arrive"))
@deciding.response(200, CaseAnswer)
def arrive(case_id: Any) -> Any:
    """The desk confirms that the unit stands before the resident (接人)."""
    return ordered(case_id, "arrive")


@deciding.route("/cases/<uuid:case_id>/escalate", methods=["POST"])
@needs(*roles("escalate"))
@deciding.arguments(ask.EscalateRequest)
@deciding.response(200, CaseAnswer)
def escalate(asked: Any, case_id: Any) -> Any:
    """Ask the tier above to take over (G13)."""
    return ordered(case_id, "escalate", asked)


@deciding.route("/cases/<uuid:case_id>/escalation/accept", methods=["POST"])
@needs(*roles("accept_escalation"))
@deciding.response(200, CaseAnswer)
def accept_escalation(case_id: Any) -> Any:
    """Take over what a lower tier sent up (G14)."""
    return ordered(case_id, "accept_escalation")


@deciding.route("/cases/<uuid:case_id>/escalation/send-back", methods=["POST"])
@needs(*roles("send_back"))
@deciding.arguments(ask.ReasonedRequest)
@deciding.response(200, CaseAnswer)
def send_back(asked: Any, case_id: Any) -> Any:
    """Send it back with a reason, once (G15)."""
    return ordered(case_id, "send_back", asked)


@deciding.route("/cases/<uuid:case_id>/whistle", methods=["POST"])
@needs(*roles("whistle"))
@deciding.arguments(ask.WhistleRequest)
@deciding.response(200, CaseAnswer)
def whistle(asked: Any, case_id: Any) -> Any:
    """Call units together to this case (吹哨, G16)."""
    return ordered(case_id, "whistle", asked)


@deciding.route("/cases/<uuid:case_id>/suspend", methods=["POST"])
@needs(*roles("suspend"))
@deciding.arguments(ask.SuspendRequest)
@deciding.response(200, CaseAnswer)
def suspend(asked: Any, case_id: Any) -> Any:
    """Let the case rest for an allowed reason, until a day (G17)."""
    return ordered(case_id, "suspend", asked)


@deciding.route("/cases/<uuid:case_id>/resume", methods=["POST"])
@needs(*roles("resume"))
@deciding.response(200, CaseAnswer)
def resume(case_id: Any) -> Any:
    """Go on after a rest (G18)."""
    return ordered(case_id, "resume")


@deciding.route("/cases/<uuid:case_id>/resolve", methods=["POST"])
@needs(*roles("resolve"))
@deciding.arguments(ask.ResolveRequest)
@deciding.response(200, CaseAnswer)
def resolve(asked: Any, case_id: Any) -> Any:
    """Say that every request is answered, and with what result (G19)."""
    return ordered(case_id, "resolve", asked)


@deciding.route("/cases/<uuid:case_id>/callbacks", methods=["POST"])
@needs(*roles("call_back"))
@deciding.arguments(ask.CallBackRequest)
@deciding.response(200, CaseAnswer)
def call_back(asked: Any, case_id: Any) -> Any:
    """Record how a call-back went (回访)."""
    return ordered(case_id, "call_back", asked)


@deciding.route("/cases/<uuid:case_id>/verify", methods=["POST"])
@needs(*roles("verify"))
@deciding.response(200, CaseAnswer)
def verify(case_id: Any) -> Any:
    """The check found the result good (核查, G20)."""
    return ordered(case_id, "verify")


@deciding.route("/cases/<uuid:case_id>/rework", methods=["POST"])
@needs(*roles("rework"))
@deciding.arguments(ask.ReasonedRequest)
@deciding.response(200, CaseAnswer)
def rework(asked: Any, case_id: Any) -> Any:
    """The check found the result wanting (G21)."""
    return ordered(case_id, "rework", asked)


@deciding.route("/cases/<uuid:case_id>/refer-out", methods=["POST"])
@needs(*roles("refer_out"))
@deciding.arguments(ask.ReferOutRequest)
@deciding.response(200, CaseAnswer)
def refer_out(asked: Any, case_id: Any) -> Any:
    """Hand the matter to another lawful route (G23)."""
    return ordered(case_id, "refer_out", asked)


@deciding.route("/cases/<uuid:case_id>/withdraw", methods=["POST"])
@needs(*roles("withdraw"))
@deciding.arguments(ask.WithdrawRequest)
@deciding.response(200, CaseAnswer)
def withdraw(asked: Any, case_id: Any) -> Any:
    """The applicant takes the matter back (G24)."""
    return ordered(case_id, "withdraw", asked)


@deciding.route("/cases/<uuid:case_id>/relapse", methods=["POST"])
@needs(*roles("relapse"))
@deciding.arguments(ask.RelapseRequest)
@deciding.response(200, CaseAnswer)
def relapse(asked: Any, case_id: Any) -> Any:
    """The same dispute broke out again (G25)."""
    return ordered(case_id, "relapse", asked)


@deciding.route("/cases/<uuid:case_id>/return", methods=["POST"])
@needs(*roles("return", "ask_return"))
@deciding.arguments(ask.ReturnRequest)
@deciding.response(200, CaseAnswer)
def return_(asked: dict[str, Any], case_id: Any) -> Any:
    """A unit asks to give the case back; the dispatcher agrees or not, the third time the director (G6)."""
    if caller().role not in DISPATCH:
        return ordered(case_id, "ask_return", asks.Return(reason=asked["reason"]))
    if not asked["agreed"]:
        return ordered(case_id, "refuse_return")
    return ordered(case_id, "return", asks.Return(reason=asked["reason"]))


@deciding.route("/cases/<uuid:case_id>/merge", methods=["POST"])
@needs(*roles("merge"))
@deciding.arguments(ask.MergeRequest)
@deciding.response(200, CaseAnswer)
def merge(asked: asks.Merge, case_id: Any) -> Any:
    """The case is the same matter as another one (G1)."""
    mine(str(case_id))
    mine(asked.into_case_id)
    return told(merging.merge(here(Stores), str(case_id), cause(), asked))


@deciding.route("/cases/<uuid:case_id>/unmerge", methods=["POST"])
@needs(*roles("unmerge"))
@deciding.arguments(ask.UnmergeRequest)
@deciding.response(200, CaseAnswer)
def unmerge(asked: asks.Unmerge, case_id: Any) -> Any:
    """It was another matter after all: undo the merge, whatever has become of the other case (G27)."""
    mine(str(case_id))
    return told(merging.unmerge(here(Stores), str(case_id), cause(), asked))


@deciding.route("/cases/<uuid:case_id>/close", methods=["POST"])
@needs(*roles("close"))
@deciding.response(200, CaseAnswer)
def close(case_id: Any) -> Any:
    """Close the case (办结, G22)."""
    mine(str(case_id))
    return told(handlers.close(here(Stores), str(case_id), cause()))
