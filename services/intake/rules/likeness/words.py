"""Words that say nothing about which matter it is: greetings, requests, what every complaint says."""

from __future__ import annotations

import re

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
楼下 门口 加快 力度 步伐 有何 具体行动 具体 行动 刻不容缓 大力 倡导 大背景下 不知 落后 发展 方面 相关
"""
_TROUBLES = """
施工 夜间 半夜 凌晨 通宵 扰民 噪音 噪声 噪音扰民 油烟 油烟扰民 餐馆 餐饮 饭店 夜宵 烧烤 麻将馆 广场舞
音响 酒吧 歌厅 污染 环境污染 扬尘 粉尘 灰尘 臭气 异味 污水 垃圾 垃圾站 垃圾清运 搅拌站 工地 渣土车 货车
大货车 物业 物业公司 物业费 乱收费 收费 停车 停车费 停车收费 车位 停车位 车位费 乱停车 违停 违章 停车难
充电桩 电梯 消防 消防通道 消防隐患 安全隐患 隐患 开发商 房产证 不动产证 办证 交房 收房 延期交房 烂尾
停工 质量 质量问题 房屋质量 漏水 渗水 开裂 精装修 装修 装修款 虚假宣传 捆绑 销售 捆绑销售 定金 退款
退费 购房 买房 公寓 商铺 门面 业委会 业主委员会 业主大会 选举 维修基金 停水 停电 断水 断电 供水 自来水
天然气 燃气 供暖 网络 信号 拆迁 征地 征收 补偿 补偿款 安置 安置房 补偿安置 棚改 旧城改造 提质改造
老旧小区 违建 违法建筑 违章建筑 拆除 规划 用地 宅基地 土地 边界 边界纠纷 拖欠 拖欠工资 工资 欠薪 农民工
工程款 货款 社保 医保 养老金 退休 公积金 贷款 补贴 人才 人才补贴 购房补贴 生育津贴 失业金 工伤 劳动仲裁
劳动合同 学校 小学 中学 幼儿园 普惠 学位 入学 转学 学区 招生 补课 培训 培训机构 教师 老师 学生 学费
高考 驾校 道路 道路破损 公路 马路 红绿灯 路灯 公交 公交车 地铁 站点 出行 断头路 拥堵 堵车 交通 占道
占道经营 摊贩 流动摊贩 夜市 菜市场 市场 医院 卫生院 诊所 药店 看病 报销 户口 落户 迁移 居住证 身份证
无证经营 非法经营 违法 违规 诈骗 欺诈 举报 传销 非法 集资 平台 跑路 维权 侵权 合同 纠纷 赌博
"""
"""What is the matter in thousands of places: in two titles it says less than a name that they share."""
_ANY = re.compile("|".join(sorted({re.escape(word) for word in _STOCK.split()}, key=len, reverse=True)))
_TROUBLE = re.compile("|".join(sorted(map(re.escape, _TROUBLES.split()), key=len, reverse=True)))
_FIGURES = re.compile(r"\d+")
GAP = "\n"  # no shingle crosses it


def plain(said: str) -> str:
    """What of the letters of a text is compared: every figure the same, stock words cut out."""
    return _ANY.sub(GAP, _FIGURES.sub("0", said))


def troubles(text: str) -> set[int]:
    """The places in a text, counted from 0, that belong to words for everybody's troubles."""
    return {n for found in _TROUBLE.finditer(text) for n in range(*found.span())}
