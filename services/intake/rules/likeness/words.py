"""Words that say nothing about which matter it is: greetings, requests, what every complaint says."""

from __future__ import annotations

import re

from shared.text import letters

_STOCK = """
尊敬的领导 尊敬的书记 尊敬的市长 尊敬的县长 尊敬的局长 尊敬的各位领导 各位领导 领导您好 领导你好 领导好
您好 你好 敬爱的 尊敬的 领导 书记 市长 县长 局长 希望相关部门 希望有关部门 请相关部门 请有关部门
请求有关部门 望有关部门 望相关部门 恳请有关部门 相关部门 有关部门 职能部门 主管部门 各级政府 人民政府
政府部门 政府 部门 请问一下 请问 咨询一下 咨询 询问 想问一下 想问 请教 关于 有关 投诉 举报 反映 反应
再次 强烈 建议 要求 请求 恳请 恳求 希望 盼望 期盼 期待 呼吁 求助 能否 能不能 可否 是否 为什么 为何
怎么办 怎么 什么时候 何时 什么 多久 哪里 如何 谁来管 谁管 没人管 无人管 有人管 问题 情况 现象 事情 一事
事宜 事项 一直 长期 多次 至今 已经 目前 现在 最近 近期 今年 去年 每天 天天 经常 常年 严重影响 严重 非常
特别 十分 极其 到处 尽快 及时 早日 立即 马上 解决 处理 回复 答复 给予 谢谢 感谢 非常感谢 百忙之中 抽空
阅读 关注 重视 为民做主 为人民服务 老百姓 百姓 市民 居民 业主 村民 群众 人民 我们是 我是 本人是 本人
我们 他们 你们 大家 我家 自己 这个 那个 这样 这种 一个 一些 可以 应该 需要 因为 所以 但是 而且 如果
没有 不是 就是 还是 不能 不要 生活 工作 影响 造成 存在 进行 导致 出现 发现 居住 小区 附近 周边 旁边
楼下 门口
"""
_ANY = re.compile("|".join(sorted({re.escape(word) for word in _STOCK.split()}, key=len, reverse=True)))
_FIGURES = re.compile(r"\d+")
GAP = "\n"  # no shingle crosses it


def plain(text: str) -> str:
    """A text as it is compared: simplified, without signs, every figure the same, stock words cut out."""
    return _ANY.sub(GAP, _FIGURES.sub("0", letters(text)))
