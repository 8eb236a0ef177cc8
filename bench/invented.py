"""Invented matters, as many as wanted, and copies of them that people, scanners and shorteners made.

Every name, place and sentence is made up here. A matter is one trouble at one place. Some of its clauses are
word for word those of thousands of others; the rest is made of invented words, few of them common and most of
them rare, as the words of any language are.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import accumulate

from opencc import OpenCC

FIRST = "青松云石白龙清金东南西北新长大小红绿黄紫玉宝明德福安和平顺兴"
SECOND = "溪岭山河湾塘坪桥林泉湖洲冲坡田园岗台港渡屋庙亭关口沙洞滩阳丰"
THIRD = "花家水竹梅兰桂荷枫柳槐樟杏桃李枣栗麦禾谷茶棉麻桑葛芦苇菊莲藕"
KINDS = ("小区", "花园", "家园", "村", "菜市场", "学校", "大厦", "广场", "工业园", "安置区")
SHOPS = ("烧烤店", "饭店", "洗车行", "打印店", "茶馆", "网吧", "超市", "药店", "健身房", "五金店")
TROUBLES: dict[str, tuple[str, ...]] = {
    "夜间施工扰民": (
        "工地从晚上{h}点一直干到凌晨{m}点", "打桩机一响整栋楼都在抖", "渣土车来来回回按喇叭",
        "老人血压升高睡不着觉", "孩子第二天上课打瞌睡", "跟工头说了{n}次没有用",
    ),
    "油烟直排": (
        "{n}号楼底下的{shop}没有专用烟道", "油烟顺着墙往上窜", "阳台上晾的衣服全是油味",
        "夏天不敢开窗户", "排风机从中午转到半夜", "物业说他们没有执法权",
    ),
    "拖欠工资": (
        "老板欠了我们{n}个工人{m}个月的工资", "合同上写的是每月{h}号发", "打电话不接发信息不回",
        "项目部说款没有拨下来", "家里等着钱交学费", "记工的本子都还在我们手上",
    ),
    "房屋漏水": (
        "{n}栋{m}单元顶楼一下雨就漏", "客厅天花板已经发霉掉皮", "维修基金交了{h}年没有动过",
        "防水补了两回还是老样子", "地板泡得翘起来了", "开发商说过了保修期",
    ),
    "停车收费": (
        "车位费从每月{h}0元涨到{n}0元", "事先没有贴过通知", "道闸拦着不交钱不让进",
        "公共地面也划成了收费车位", "收了钱不给发票", "业主大会从来没有开过",
    ),
    "道路破损": (
        "村口那条路坑坑洼洼有{n}里长", "下雨全是泥晴天全是灰", "上个月已经摔了{m}个骑车的",
        "大货车压坏以后没有人修", "说好的硬化等了{h}年", "学生上学要绕一大圈",
    ),
    "边界纠纷": (
        "隔壁砌墙往我家这边挪了{n}公分", "老界石被他们挖走了", "水沟改道把我家地基泡了",
        "村里来量过{m}回没有结果", "两家为这事吵了{h}年", "土地证上写得清清楚楚",
    ),
    "噪声音响": (
        "广场上从傍晚{h}点放音响到{n}点", "低音炮隔着三层玻璃都听得见", "劝一句就跟人吵起来",
        "附近有{m}户家里有高考的孩子", "报过警走了又开始放", "有人带头的不止一支队伍",
    ),
    "垃圾清运": (
        "垃圾站离{n}号楼只有{m}米远", "夏天臭得人吃不下饭", "苍蝇蚊子到处飞",
        "污水流到路面上结成黑泥", "清运车{h}天才来一趟", "说了要搬一直没有搬",
    ),
    "培训退费": (
        "交了{n}千块学费只上了{m}节课", "机构说关门就关门", "答应退款拖了{h}个月",
        "群里有几十个家长一样的遭遇", "校长的电话已经打不通了", "收据和合同都留着",
    ),
    "补偿安置": (
        "拆迁协议签了{h}年还住在外面", "安置房图纸换了{m}回", "过渡费从去年{n}月起就没有发",
        "当初说的就近安置变成了远郊", "老人怕等不到那一天", "问谁都说再等等",
    ),
    "消防隐患": (
        "电动车在楼道里充电有{n}辆", "消防通道被杂物堵了一半", "灭火器过期{h}年没有换",
        "飞线从{m}楼拉到底下", "上回冒烟差点出大事", "检查的人一走又是老样子",
    ),
}  # fmt: skip
LOOSE = (
    "从今年{h}月开始就是这样", "已经打过{n}次电话", "我们一共{m}户人家联名", "照片和录像都有",
    "请来现场看一看", "不知道这事归哪个单位管", "上一次答复说会处理", "到现在没有一点动静",
    "大家的意见都很大", "再不管要出事了", "希望有个明确的说法", "麻烦给个准信",
    "我在这里住了{h}年从没遇到过", "家里有{m}个老人{n}岁的孩子",
)  # fmt: skip
WRONG = "的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工"


WORDS, STEEP = 20_000, 1.05  # different words, and how much commoner the common ones are


@dataclass(frozen=True, kw_only=True)
class Matter:
    """One invented matter."""

    title: str
    text: str


def matter(number: int) -> Matter:
    """The matter with this number: always the same one."""
    chance = random.Random(number)
    place = "".join(chance.choice(signs) for signs in (FIRST, SECOND, THIRD)) + chance.choice(KINDS)
    trouble = chance.choice(tuple(TROUBLES))
    common = chance.sample(TROUBLES[trouble], chance.randint(1, 2)) + chance.sample(
        LOOSE, chance.randint(0, 2)
    )
    clauses = [_filled(clause, chance) for clause in common] + _own(chance)
    chance.shuffle(clauses)
    return Matter(title=f"{place}{trouble}问题", text=f"我是{place}的住户，" + "，".join(clauses) + "。")


def _own(chance: random.Random) -> list[str]:
    """What nobody else says like this: five to eleven clauses of three to five words."""
    words, weights = vocabulary()
    counts = [chance.randint(3, 5) for _ in range(chance.randint(5, 11))]
    said = iter(chance.choices(words, cum_weights=weights, k=sum(counts)))
    return ["".join(next(said) for _ in range(count)) for count in counts]


@cache
def vocabulary() -> tuple[list[str], list[float]]:
    """Invented words and, running up, how common each is."""
    chance = random.Random("words")
    known = "".join(clause for clauses in TROUBLES.values() for clause in clauses)
    signs = sorted({sign for sign in FIRST + SECOND + THIRD + known if "一" <= sign <= "龥"})
    words = ["".join(chance.choices(signs, k=chance.choice((2, 2, 2, 3)))) for _ in range(WORDS)]
    return words, list(accumulate(1 / (rank + 10) ** STEEP for rank in range(WORDS)))


def _filled(clause: str, chance: random.Random) -> str:
    names = {"h": chance.randint(1, 12), "n": chance.randint(2, 90), "m": chance.randint(2, 30)}
    return clause.format(**names, shop=chance.choice(FIRST) + chance.choice(THIRD) + chance.choice(SHOPS))


def typos(text: str, chance: random.Random) -> str:
    """One sign in twenty is another one."""
    return "".join(
        chance.choice(WRONG) if sign.isalnum() and chance.random() < 0.05 else sign for sign in text
    )


def reordered(text: str, chance: random.Random) -> str:
    """The sentences in another order."""
    parts = [part for part in re.split(r"[，。！？；,.!?;]", text) if part.strip()]
    chance.shuffle(parts)
    return "。".join(parts) + "。"


def other_figures(text: str, chance: random.Random) -> str:
    """Other dates and numbers."""
    return re.sub(r"\d", lambda found: str(chance.randint(0, 9)), text)


def traditional(text: str, chance: random.Random) -> str:
    """The same in the other script."""
    return str(_to_traditional().convert(text))


@cache
def _to_traditional() -> OpenCC:
    return OpenCC("s2t")


def scanned(text: str, chance: random.Random) -> str:
    """As a scanner reads it: gaps and line ends within words, O for 0, l for 1, signs lost or mistaken."""

    def sign(one: str) -> str:
        dice = chance.random()
        if one in "01":
            return "Ol"[int(one)]
        if dice < 0.05:
            return one + ("\n\t" if dice < 0.02 else " ")
        return "" if dice < 0.06 else chance.choice(WRONG) if dice < 0.07 else one

    return "".join(map(sign, text))


def shortened(text: str, chance: random.Random) -> str:
    """Two clauses of five are left out, wherever they stand."""
    parts = [part for part in re.split(r"(?<=[，。])", text) if part]
    kept = sorted(chance.sample(range(len(parts)), max(1, round(len(parts) * 0.6))))
    return "".join(parts[n] for n in kept)


COPIES: dict[str, Callable[[str, random.Random], str]] = {
    "typos": typos,
    "reordered": reordered,
    "other_figures": other_figures,
    "traditional": traditional,
    "scanned": scanned,
    "shortened": shortened,
}
"""How a copy differs from what was told first."""


def copies(one: Matter, seed: int) -> Iterator[tuple[str, Matter]]:
    """A copy of each kind; whoever tells it again words the title anew as well, or leaves it out."""
    for kind, change in COPIES.items():
        chance = random.Random(f"{seed}:{kind}")
        title = chance.choice((change(one.title, chance), f"反映{one.title}", ""))
        yield kind, Matter(title=title, text=change(one.text, chance))
