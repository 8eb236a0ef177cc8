"""What petition tells: each step of a petition, and its clocks. Each names its case, if there is one."""

from __future__ import annotations

from shared.contracts.base import Event, event
from shared.contracts.fields import Channel, Code, Id, Instant, Opinion, Percent, PetitionType, Unit


@event("petition.registered", by="petition", about="petition")
class PetitionRegistered(Event):
    """A petition was registered, with its kind in law and the way it goes."""

    pet_id: Id
    case_id: Id | None = None
    legal_type: PetitionType
    route: Code
    channel: Channel
    received_at: Instant


@event("petition.first_confirmed", by="petition", about="petition")
class PetitionFirstConfirmed(Event):
    """A person confirmed that this is the first petition of its matter."""

    pet_id: Id
    case_id: Id | None = None
    received_at: Instant


@event("petition.repeat_confirmed", by="petition", about="petition")
class PetitionRepeatConfirmed(Event):
    """A person confirmed that this petition repeats an earlier one."""

    pet_id: Id
    case_id: Id | None = None
    repeat_of: Id | None = None
    received_at: Instant


@event("petition.linked_to_case", by="petition", about="petition")
class PetitionLinkedToCase(Event):
    """A person confirmed that this petition is about the matter of a case."""

    pet_id: Id
    case_id: Id
    confirmed_by_role: Code


@event("petition.transferred", by="petition", about="petition")
class PetitionTransferred(Event):
    """The petition was sent to the unit that must answer it."""

    pet_id: Id
    case_id: Id | None = None
    to_unit: Unit
    due_at: Instant | None = None


@event("petition.notified", by="petition", about="petition")
class PetitionNotified(Event):
    """The petitioner was told whether the petition is accepted and by whom."""

    pet_id: Id
    case_id: Id | None = None
    accepted: bool
    due_at: Instant | None = None


@event("petition.accepted", by="petition", about="petition")
class PetitionAccepted(Event):
    """The responsible unit accepted the petition."""

    pet_id: Id
    case_id: Id | None = None
    unit: Unit
    due_at: Instant


@event("petition.extended", by="petition", about="petition")
class PetitionExtended(Event):
    """The limit of the answer was extended once, with approval, and the petitioner was told."""

    pet_id: Id
    case_id: Id | None = None
    due_at: Instant
    reason: Code


@event("petition.opinion_served", by="petition", about="petition")
class PetitionOpinionServed(Event):
    """The written answer reached the petitioner, who may ask for a review until `review_by`."""

    pet_id: Id
    case_id: Id | None = None
    result: Opinion
    served_at: Instant
    review_by: Instant | None = None


@event("petition.concluded", by="petition", about="petition")
class PetitionConcluded(Event):
    """The petition came to its legal end."""

    pet_id: Id
    case_id: Id | None = None
    result: Opinion
    basis: Code
    concluded_at: Instant


@event("petition.clock_threshold", by="petition", about="petition")
class PetitionClockThreshold(Event):
    """A share of one of the petition's legal limits is used up."""

    pet_id: Id
    case_id: Id | None = None
    clock_id: Id
    kind: Code
    pct: Percent
    due_at: Instant


@event("petition.handling_started", by="petition", about="petition")
class PetitionHandlingStarted(Event):
    """The responsible unit began to work on the petition."""

    pet_id: Id
    case_id: Id | None = None
    unit: Unit


@event("petition.noted", by="petition", about="petition")
class PetitionNoted(Event):
    """Something was put on record that does not move the petition by itself: `about` says what."""

    pet_id: Id
    case_id: Id | None = None
    about: Code


@event("petition.voided", by="petition", about="petition")
class PetitionVoided(Event):
    """Two people agreed that this entry was made in error; it stays readable and is counted as voided."""

    pet_id: Id
    case_id: Id | None = None
    reason: Code
