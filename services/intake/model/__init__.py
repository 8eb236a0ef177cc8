"""The nouns of intake: what is filled in, what is kept of it, imports, reveals, and the copied case view."""

from services.intake.model.form import Form, PartyForm, Refusal
from services.intake.model.imports import Counts, Import, Mapping
from services.intake.model.registration import Attachment, Party, Registration, Similar
from services.intake.model.reveal import Reveal
from services.intake.model.sharing import SHARING_PURPOSES, Agreement, Disclosure, Holding, Partner, Receipt
from services.intake.model.view import CaseView
from services.intake.model.words import CHANNELS, MATTER_TYPES, PARTY_ROLES, ZONES

__all__ = [
    "CHANNELS",
    "MATTER_TYPES",
    "PARTY_ROLES",
    "SHARING_PURPOSES",
    "ZONES",
    "Agreement",
    "Attachment",
    "CaseView",
    "Counts",
    "Disclosure",
    "Form",
    "Holding",
    "Import",
    "Mapping",
    "Partner",
    "Party",
    "PartyForm",
    "Receipt",
    "Refusal",
    "Registration",
    "Reveal",
    "Similar",
]
