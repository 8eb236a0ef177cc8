"""One row of a county's organisation: a unit or a person, opened, found to be there, or refused."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache
from typing import Any

from marshmallow import Schema, ValidationError

from services.identity.handlers import accounts
from services.identity.handlers.organisation import kinds
from services.identity.handlers.units import MOST, open_unit, unit_id
from services.identity.model import ROLES, Account, Unit
from services.identity.model.importing import Answered, Fate, Line, OrganisationImport
from services.identity.model.posts import TITLES
from services.identity.rules import names
from services.identity.rules.importing import COLUMNS
from services.identity.schemas import AccountRequest, UnitRequest
from services.identity.store import Stores
from shared.aggregate import Held
from shared.decision import Cause
from shared.errors import Refused
from shared.profile import profile
from shared.tables import name
from shared.web.words import in_chinese

_BETWEEN = re.compile(r"[、，,;；/\s]+")


def answer(stores: Stores, begun: OrganisationImport, line: Line, cause: Cause) -> Answered:
    """What becomes of a row; answered a second time, nothing changes."""
    if line.fault:
        return Answered(line=line, fate="rejected", why=line.fault)
    try:
        return (_unit if line.kind == "unit" else _person)(stores, begun, line, cause)
    except ValidationError as wrong:
        return Answered(line=line, fate="rejected", why=_said(line, wrong.messages_dict))
    except Refused as refused:
        return Answered(line=line, fate="rejected", why=_said(line, refused.fields) or refused.message)


def _unit(stores: Stores, begun: OrganisationImport, line: Line, cause: Cause) -> Answered:
    given = {field: said for field, said in line.given.items() if said}
    if "kind" in given:
        given["kind"] = _kind(given["kind"])
    if "parent" in given:
        given["parent"] = _known(stores, begun, given["parent"], "parent")
    asked = Unit(**_loaded(_unit_schema(), given))
    _inside(begun, asked.region)
    held = stores.units.find(unit_id(asked.code))
    if held is None:
        open_unit(stores, asked, cause)
        return Answered(line=line, fate="added")
    _same(line, held.state, asked if asked.parent else replace(asked, parent=held.state.parent))
    return Answered(line=line, fate=_fate(stores.units.recalled(held, cause.key), cause))


def _person(stores: Stores, begun: OrganisationImport, line: Line, cause: Cause) -> Answered:
    given: dict[str, Any] = {field: said for field, said in line.given.items() if said}
    given["roles"] = [_post(said) for said in _BETWEEN.split(given.get("roles", "")) if said]
    if "username" in given:
        given["username"] = names.typed(given["username"])
    if "unit" in given:
        given["unit"] = _known(stores, begun, given["unit"], "unit")
        given.setdefault("region", stores.units.load(unit_id(given["unit"])).state.region)
    read = _loaded(_account_schema(), given)
    read.pop("password")
    asked = Account(opened_at=begun.created_at, **(read | {"roles": tuple(read["roles"])}))
    _inside(begun, asked.region)
    id = accounts.account_id(asked.username)
    held = stores.accounts.find(id)
    if held is None:
        return Answered(line=line, fate="added", account=accounts.enrol(stores, asked, cause).id)
    _same(line, held.state, asked)
    fate = _fate(stores.accounts.recalled(held, cause.key), cause)
    return Answered(line=line, fate=fate, account=id if fate == "added" else "")


def _fate(held: Held[Any], cause: Cause) -> Fate:
    """Added by this very row, before a worker that died could say so; or there before."""
    return "added" if cause.key in held.inbox else "unchanged"


def _loaded(schema: Schema, given: Mapping[str, Any]) -> dict[str, Any]:
    loaded: dict[str, Any] = schema.load(given)
    return loaded


@cache
def _unit_schema() -> UnitRequest:
    """One for all rows: making one copies every field."""
    return UnitRequest()


@cache
def _account_schema() -> AccountRequest:
    return AccountRequest()


def _kind(said: str) -> str:
    called = {name(found["name"]): code for code, found in kinds().items()}
    code = called.get(said, said)
    if code not in kinds():
        raise Refused(f"没有“{said[:20]}”这种单位，种类见模板的“说明”", code="kind_unknown")
    return code


def _post(said: str) -> str:
    called = {name(title): post for post, title in TITLES.items()}
    called |= {name(role.title): post for post, role in profile().roles.items()}
    post = called.get(said, said)
    if post not in ROLES:
        raise Refused(f"没有“{said[:20]}”这个岗位，岗位见模板的“说明”", code="roles_unknown")
    return post


def _known(stores: Stores, begun: OrganisationImport, said: str, field: str) -> str:
    """The code of a unit that is meant by its code or its name."""
    held = stores.units.find(unit_id(said))
    if held is not None and held.state.active:
        return said
    units = stores.units.within(profile().county6, limit=MOST)
    found = [held.state.code for held in units if name(held.state.name) == said and held.state.active]
    if len(found) == 1:
        return found[0]
    why = "是几个单位的名称，请写代码" if found else "没有这个单位，或者它那一行没有导入"
    why = f"“{said[:30]}”{why}"
    raise Refused(why, code="unit_unknown", fields={field: [why]})


def _inside(begun: OrganisationImport, region: str) -> None:
    if not region.startswith(begun.region):
        raise Refused("不在导入人的辖区范围内", code="out_of_region")


def _same(line: Line, known: Unit | Account, asked: Unit | Account) -> None:
    """Raises Refused when what is on record is not what the row says: a table changes nothing by itself."""
    if not known.active:
        raise Refused("已在册，但已停用", code="not_active")
    other = [_label(line, field) for field in COLUMNS[line.kind] if _differs(field, known, asked)]
    if other:
        said = f"已在册，但{'、'.join(other)}不同；导入不改已有的，请在单位或账户管理里修改"
        raise Refused(said, code="known_otherwise")


def _differs(field: str, known: Unit | Account, asked: Unit | Account) -> bool:
    before, after = getattr(known, field), getattr(asked, field)
    return set(before) != set(after) if field == "roles" else bool(before != after)


def _label(line: Line, field: str) -> str:
    return COLUMNS[line.kind][field][0] if field in COLUMNS[line.kind] else field


def _said(line: Line, messages: Mapping[str, Any]) -> str:
    return "；".join(f"{_label(line, field)}：{said}" for field, said in _flat(messages))


def _flat(messages: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for field, said in messages.items():
        inner = [one for several in said.values() for one in several] if isinstance(said, dict) else said
        yield field, "、".join(in_chinese(str(one)) for one in inner)
