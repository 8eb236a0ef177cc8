"""What the hall keeps: windows, tickets, visits, duty days, papers, spot checks."""

from __future__ import annotations

from services.intake.model.papers import Papers
from services.intake.model.reception import DutyDay, Reception
from services.intake.model.spot_check import SpotCheck
from services.intake.model.window import Ticket, Window
from services.intake.store.found import MemoryFound, MongoFound
from shared.aggregate import AggregateDocument
from shared.aggregate.held import Teller

WINDOW = Teller(service="intake", aggregate="window")
TICKET = Teller(service="intake", aggregate="ticket")
RECEPTION = Teller(service="intake", aggregate="reception")
DUTY = Teller(service="intake", aggregate="duty")
PAPERS = Teller(service="intake", aggregate="document")
SPOT_CHECK = Teller(service="intake", aggregate="spot_check")


class WindowDocument(AggregateDocument):
    """A window."""

    meta = {"collection": "windows", "db_alias": "intake", "indexes": ["state.centre", "state.region"]}


class TicketDocument(AggregateDocument):
    """A number of a day."""

    meta = {
        "collection": "tickets",
        "db_alias": "intake",
        "indexes": [("state.centre", "state.day", "state.state", "state.waits_since")],
    }


class ReceptionDocument(AggregateDocument):
    """A visit."""

    SEALED = {
        "said.matter": "matter", "said.requests": "requests", "said.answer": "answer", "comment": "comment",
    }  # fmt: skip
    meta = {"collection": "receptions", "db_alias": "intake", "indexes": ["state.reg_id"]}


class DutyDocument(AggregateDocument):
    """Who leads on a day."""

    meta = {"collection": "duty_days", "db_alias": "intake", "indexes": [("state.centre", "state.day")]}


class PapersDocument(AggregateDocument):
    """A bundle of papers."""

    SEALED = {"items.*.title": "title.{n}"}
    meta = {
        "collection": "papers",
        "db_alias": "intake",
        "indexes": ["state.reg_id", "state.case_id", ("state.overdue_told", "state.due_at")],
    }


class SpotCheckDocument(AggregateDocument):
    """One that was drawn."""

    meta = {"collection": "spot_checks", "db_alias": "intake", "indexes": [("state.done_at", "state.due_at")]}


class MongoHall:
    """In the database."""

    @staticmethod
    def windows() -> MongoFound[Window]:
        return MongoFound(WINDOW, WindowDocument, Window)

    @staticmethod
    def tickets() -> MongoFound[Ticket]:
        return MongoFound(TICKET, TicketDocument, Ticket)

    @staticmethod
    def receptions() -> MongoFound[Reception]:
        return MongoFound(RECEPTION, ReceptionDocument, Reception)

    @staticmethod
    def duties() -> MongoFound[DutyDay]:
        return MongoFound(DUTY, DutyDocument, DutyDay)

    @staticmethod
    def papers() -> MongoFound[Papers]:
        return MongoFound(PAPERS, PapersDocument, Papers)

    @staticmethod
    def spot_checks() -> MongoFound[SpotCheck]:
        return MongoFound(SPOT_CHECK, SpotCheckDocument, SpotCheck)


class MemoryHall:
    """In memory."""

    @staticmethod
    def windows() -> MemoryFound[Window]:
        return MemoryFound(WINDOW)

    @staticmethod
    def tickets() -> MemoryFound[Ticket]:
        return MemoryFound(TICKET)

    @staticmethod
    def receptions() -> MemoryFound[Reception]:
        return MemoryFound(RECEPTION)

    @staticmethod
    def duties() -> MemoryFound[DutyDay]:
        return MemoryFound(DUTY)

    @staticmethod
    def papers() -> MemoryFound[Papers]:
        return MemoryFound(PAPERS)

    @staticmethod
    def spot_checks() -> MemoryFound[SpotCheck]:
        return MemoryFound(SPOT_CHECK)
