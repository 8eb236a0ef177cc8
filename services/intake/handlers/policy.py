"""What the county's profile says about taking matters in, read for one place and moment."""

from __future__ import annotations

from datetime import datetime, timedelta

from services.intake.handlers.channels import channels
from services.intake.rules.policy import Policy
from services.intake.rules.promises import promises
from services.intake.rules.rota import centre_of, receiver
from shared.profile import Profile, profile


def policy(region: str, at: datetime) -> Policy:
    """The policy of the present profile for a region and an instant."""
    return policy_of(profile(), region, at)


def policy_of(county: Profile, region: str, at: datetime) -> Policy:
    """The policy of a profile for a region and an instant."""
    rota = county.roles["first_receiver"].rota if "first_receiver" in county.roles else ()
    centres = {unit.region: unit.id for unit in county.units if unit.kind == "centre"}
    on_duty = bool(county.calendar.duty_time(at, at + timedelta(seconds=1)))
    return Policy(
        county6=county.county6,
        profile_version=county.version_id,
        categories={category.code: category.name for category in county.categories},
        category_words={word: c.code for c in county.categories for word in (c.name, *c.aliases)},
        source_domains=county.source_domains,
        refusals={reason.code: reason.name for reason in county.not_accept.reasons},
        units={id: unit.name for id, unit in county.all_units.items()},
        promises=promises(county.limits),
        posts={code: role.title for code, role in county.roles.items()},
        reveals_hour=county.reveals.hour,
        reveals_day=county.reveals.day,
        receiver=receiver(rota, centre_of(region, centres), on_duty=on_duty),
        out_of_hours=not on_duty,
        channels=channels(),
    )
