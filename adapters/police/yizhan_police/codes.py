"""The linkage desk's codes: what they mean there, and what we tell; and our categories as its kinds."""

from yizhan_adapter import Accepted, CodeTable, Concluded, Progressed, Returned

CODES = CodeTable(
    "police",
    {
        "YQS": (Accepted(), "已签收"),
        "BSGX": (Returned("not_competent"), "不属公安机关管辖"),
        "FBXQ": (Returned("wrong_region"), "非本辖区"),
        "CFJB": (Returned("duplicate"), "重复警情"),
        "XHB": (Returned("conflict_of_interest"), "承办人须回避，请另派"),
        "CJZ": (Progressed("officer_dispatched"), "已派民警出警"),
        "XCTJ": (Progressed("mediating_on_site"), "现场调解中"),
        "TJCG": (Concluded("mediated_oral"), "治安调解成功"),
        "TJXY": (Concluded("mediated_written"), "治安调解达成书面协议"),
        "XZCL": (Concluded("admin_resolved"), "已作行政处理"),
        "YSFY": (Concluded("referred_court"), "告知向法院起诉"),
        "DSRCX": (Concluded("withdrawn"), "当事人撤回"),
    },
)

KINDS = {
    "marriage_family": "JTJF",
    "neighbour": "LLJF",
    "damages": "SHPC",
    "traffic": "JTSG",
    "labour_wages": "LZJF",
    "labour_other": "LZJF",
    "consumer_online": "XFJF",
    "consumer_other": "XFJF",
}
OTHER_KIND = "QTJF"
