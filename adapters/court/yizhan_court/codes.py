"""The court platform's codes: what they mean there, and what we tell; and our categories as its causes."""

from yizhan_adapter import Accepted, CodeTable, Concluded, Progressed, Returned

CODES = CodeTable(
    "court",
    {
        "01": (None, "已接收，尚未审查"),
        "10": (Accepted(), "已受理，编立诉前调字号"),
        "21": (Returned("not_competent"), "不予受理：不属于本院主管或管辖"),
        "22": (Returned("material_missing"), "退回补正：材料不齐"),
        "23": (Returned("duplicate"), "不予受理：重复申请"),
        "24": (Returned("wrong_region"), "不予受理：应向其他法院申请"),
        "31": (Progressed("mediator_appointed"), "已指派或委派调解员"),
        "32": (Progressed("session_scheduled"), "已排期调解"),
        "33": (Progressed("confirmation_filed"), "已申请司法确认"),
        "90": (Concluded("mediated_written"), "调解成功，签收调解书或确认裁定"),
        "91": (Concluded("settled"), "自行和解"),
        "92": (Concluded("failed"), "调解不成，终结诉前调解"),
        "93": (Concluded("referred_court"), "转立案审理"),
        "94": (Concluded("withdrawn"), "申请人撤回"),
    },
)

CAUSES = {
    "marriage_family": "0001",
    "neighbour": "0005",
    "housing_land": "0009",
    "contract": "0010",
    "damages": "0021",
    "labour_wages": "0018",
    "labour_other": "0018",
    "medical": "0022",
    "traffic": "0023",
    "property_service": "0012",
    "consumer_online": "0011",
    "consumer_other": "0011",
}
OTHER_CAUSE = "0099"
