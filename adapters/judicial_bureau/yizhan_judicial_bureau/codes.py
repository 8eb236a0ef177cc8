"""The mediation system's codes: what they mean there, and what we tell; and our categories as its kinds."""

from yizhan_adapter import Accepted, CodeTable, Concluded, Progressed, Returned

CODES = CodeTable(
    "judicial_bureau",
    {
        "100": (None, "待分派"),
        "110": (Accepted(), "已受理"),
        "120": (Progressed("mediator_appointed"), "已确定调解员"),
        "130": (Progressed("mediating"), "调解中"),
        "190/R1": (Returned("not_competent"), "退回：不属人民调解受案范围"),
        "190/R2": (Returned("wrong_region"), "退回：不属本辖区"),
        "190/R3": (Returned("material_missing"), "退回：材料不齐"),
        "190/R4": (Returned("duplicate"), "退回：已有其他调委会受理"),
        "200": (Concluded("mediated_written"), "达成书面调解协议"),
        "201": (Concluded("mediated_oral"), "达成口头调解协议"),
        "210": (Concluded("failed"), "调解不成"),
        "220": (Concluded("aid_only"), "给予法律援助，未作调解"),
        "230": (Concluded("referred_arbitration"), "引导仲裁"),
        "240": (Concluded("withdrawn"), "当事人撤回"),
    },
)

KINDS = {
    "marriage_family": 1,
    "neighbour": 2,
    "housing_land": 3,
    "contract": 4,
    "production": 5,
    "damages": 6,
    "forest_land": 7,
    "expropriation": 8,
    "environment": 9,
    "labour_wages": 10,
    "labour_other": 11,
    "medical": 14,
    "traffic": 15,
    "property_service": 16,
}
OTHER_KIND = 99
