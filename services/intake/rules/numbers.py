"""Phone and identity numbers: whether they can be real, one way of writing them, and how they are masked."""

from __future__ import annotations

import re
import unicodedata
from datetime import date

import phonenumbers
from stdnum.cn.ric import calc_check_digit

_MOBILE = re.compile(r"1[3-9]\d{9}", re.ASCII)
_ID = re.compile(r"[1-9]\d{5}((?:18|19|20)\d{2})(\d{2})(\d{2})\d{3}[\dX]", re.ASCII)
_IN_TEXT = re.compile(r"(?<![0-9A-Za-z])(1[3-9]\d)\d{4}(\d{4})(?![0-9A-Za-z])")
_ID_IN_TEXT = re.compile(r"(?<![0-9A-Za-z])([1-9]\d{5})(?:18|19|20)\d{6}(\d{3}[\dXx])(?![0-9A-Za-z])")


def phone(given: str) -> str | None:
    """A Chinese phone number in one way of writing, digits only; None when it cannot be one."""
    folded = unicodedata.normalize("NFKC", given)
    if re.search(r"[A-Za-z]", folded):
        return None
    digits = re.sub(r"[\s\-—()]", "", folded)
    digits = re.sub(r"^(\+|00)86", "", digits)
    if _MOBILE.fullmatch(digits):
        return digits
    try:
        number = phonenumbers.parse(digits, "CN")
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(number):
        return None
    return re.sub(r"\D", "", phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.NATIONAL))


def id_number(given: str, today: date) -> str | None:
    """An 18-digit identity number (GB 11643-1999); None when birth date or check digit cannot be.

    Birthplace codes are not looked up: codes are renamed and withdrawn, and a person keeps the old one.
    """
    written = re.sub(r"\s", "", unicodedata.normalize("NFKC", given)).upper()
    found = _ID.fullmatch(written)
    if not found or written[-1] != calc_check_digit(written):
        return None
    try:
        born = date(*(int(part) for part in found.groups()))
    except ValueError:
        return None
    return written if born <= today else None


def masked(field: str, value: str) -> str:
    """A sealed value as a screen may show it without a stated purpose."""
    if field == "phone":
        return f"{value[:3]}****{value[-4:]}" if len(value) >= 8 else "****"
    if field == "id_no":
        return f"{value[:6]}********{value[-4:]}" if len(value) == 18 else "********"
    if field == "name":
        return value[:1] + "*" * (len(value) - 1 or 1)
    return value[:6] + "****"


def hidden(field: str, value: str) -> str:
    """A sealed value for those who only read: a name shows its first character, a number nothing at all."""
    return masked("name", value) if field == "name" else "****"


def masked_text(text: str) -> str:
    """A text with the phone and identity numbers in it masked."""
    hidden = _ID_IN_TEXT.sub(r"\1********\2", text)
    return _IN_TEXT.sub(r"\1****\2", hidden)


def tail(number: str) -> str:
    """The last four characters, which a resident states beside the query code."""
    return number[-4:].upper()
