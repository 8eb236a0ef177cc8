"""What a form says when a field is wrong: marshmallow's own sentences, in Chinese.

They are put into Chinese when the answer is written, so it does not matter who made the schema, or when.
"""

from __future__ import annotations

import re

_NUMBER = r"(-?[\w.:+-]+)"
_SENTENCES = {
    "Missing data for required field.": "必须填写",
    "Field may not be null.": "不能为空",
    "Unknown field.": "没有这个字段",
    "Invalid type.": "内容格式不对",
    "Invalid input type.": "内容格式不对",
    "Invalid value.": "内容不符合要求",
    "Invalid input.": "内容不符合要求",
    "Not a valid string.": "应为文字",
    "Not a valid utf-8 string.": "不是有效的 UTF-8 文字",
    "Not a valid UUID.": "不是有效的编号",
    "Not a valid number.": "应为数字",
    "Number too large.": "数字过大",
    "Not a valid integer.": "应为整数",
    "Special numeric values (nan or infinity) are not permitted.": "不能是特殊数值",
    "Not a valid boolean.": "应为是或否",
    "Not a valid date.": "应为日期，如 2026-01-31",
    "Not a valid datetime.": "应为时间，如 2026-01-31T09:30:00+08:00",
    "Not a valid time.": "应为时刻，如 09:30",
    "Not a valid period of time.": "应为时长",
    "Not a valid list.": "应为列表",
    "Not a valid tuple.": "应为列表",
    "Not a valid mapping type.": "应为一组内容",
    "Not a valid URL.": "应为网址",
    "Not a valid email address.": "应为邮箱地址",
    "Not a valid IP address.": "应为 IP 地址",
    "Not a valid IPv4 address.": "应为 IPv4 地址",
    "Not a valid IPv6 address.": "应为 IPv6 地址",
    "Not a valid IP interface.": "应为 IP 接口地址",
    "Not a valid IPv4 interface.": "应为 IPv4 接口地址",
    "Not a valid IPv6 interface.": "应为 IPv6 接口地址",
    "Not a valid choice.": "没有这个选项",
    "String does not match expected pattern.": "格式不对",
}
_PATTERNS = [
    (r"Not a valid (?:naive|aware) (?:datetime|time)\.", "时间要带时区"),
    (r'"(.*)" cannot be formatted as an? .*\.', r"格式不对：\1"),
    (r"Must be one of: (.*)\.", r"应为其中之一：\1"),
    (r"Must be equal to (.*)\.", r"应为 \1"),
    (r"One or more of the choices you made was not in: (.*)\.", r"只能从这些里选：\1"),
    (r"One or more of the choices you made was in: (.*)\.", r"不能选：\1"),
    (rf"Length must be between {_NUMBER} and {_NUMBER}\.", r"长度应在 \1 到 \2 之间"),
    (rf"Length must be {_NUMBER}\.", r"长度应为 \1"),
    (rf"Shorter than minimum length {_NUMBER}\.", r"长度至少 \1"),
    (rf"Longer than maximum length {_NUMBER}\.", r"长度至多 \1"),
    (rf"Must be greater than or equal to {_NUMBER} and less than or equal to {_NUMBER}\.",
     r"应在 \1 到 \2 之间"),
    (rf"Must be greater than or equal to {_NUMBER}(.*)\.", r"不能小于 \1\2"),
    (rf"Must be greater than {_NUMBER}(.*)\.", r"应大于 \1\2"),
    (rf"Must be less than or equal to {_NUMBER}\.", r"不能大于 \1"),
    (rf"Must be less than {_NUMBER}\.", r"应小于 \1"),
]  # fmt: skip
_COMPILED = [(re.compile(pattern), chinese) for pattern, chinese in _PATTERNS]


def in_chinese(sentence: str) -> str:
    """A library's sentence in Chinese; one it does not know, such as our own, stays as it is."""
    if sentence in _SENTENCES:
        return _SENTENCES[sentence]
    for pattern, chinese in _COMPILED:
        if found := pattern.fullmatch(sentence):
            return found.expand(chinese)
    return sentence
