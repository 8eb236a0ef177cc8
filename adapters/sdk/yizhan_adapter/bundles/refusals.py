"""Why a bundle is refused: a code for machines, and a sentence for the person who minds the gate."""

from __future__ import annotations

SENTENCES = {
    "not_a_bundle": "文件不是摆渡包，或者开头已经损坏",
    "too_large": "文件有 {size} 字节，超过 {most} 字节的上限",
    "other_department": "这是 {found} 的摆渡包，本闸口只收 {wanted} 的",
    "other_direction": "方向不对：这是“{found}”方向的摆渡包，本方只收“{wanted}”方向的",
    "unknown_signer": "签名密钥 {key} 不在信任名单里：不是对方签的，或者对方的新密钥还没有登记",
    "changed": "内容与签名不符：文件在途中被改动，或者没有传完整",
    "unknown_recipient": "加密用的密钥 {key} 不是本方的，或者本方已经停用",
    "unreadable": "签名无误，但里面的内容不合约定（{detail}）",
    "older_series": "属于已经作废的序列 {found}，现行序列是 {wanted}",
    "other_content": "编号 {number} 以前收过，内容与这一份不同",
    "replayed": "编号 {number} 早已收过，对方也知道；这是旧包重放，不再处理",
    "broken_chain": "编号 {number} 接不上前一份：前一份的摘要不符",
    "too_far": "编号 {number} 比已收到的 {have} 超前太多",
}
"""Every reason, with what it is filled from."""

HARMLESS = frozenset(("replayed",))  # nothing is missing because of it
ASK_AGAIN = frozenset(("not_a_bundle", "unknown_signer", "changed", "unknown_recipient", "unreadable"))
"""The bundle that should have been in such a file is asked for again, by the number in the file's name."""


class Refused(Exception):
    """A file was not taken; its text is the sentence that says why."""

    def __init__(self, code: str, **about: object) -> None:
        super().__init__(SENTENCES[code].format(**about))
        self.code = code
