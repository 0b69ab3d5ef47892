"""The words around a number that make it an indicator: what is measured, how it compares, which way it goes."""

import re
from typing import Final

from recommender.domain.indicators import Comparator


def _any_of(words: str) -> str:
    """An alternative of words, longest first: 不小于 also holds 小于."""
    return "|".join(map(re.escape, sorted(words.split(), key=lambda word: (-len(word), word))))


_COMPARISONS: Final = {
    Comparator.AT_LEAST: """
≥ >= => 不低于 不小于 不少于 不得低于 不得小于 不得少于 不应低于 不应小于 不应少于 不能低于 不能小于 不能少于
大于等于 大于或等于 至少 至少达到 至少为 达到 达到了 达 可达 可达到 需达 需达到 高达 能达到 能达 应达到
提升至 提升到 提高到 提高至 增至 增加到 增加至 延长到 延长至 升至 升到 上升到 最低 最小 下限为
保持在 维持在 稳定在
""",
    Comparator.AT_MOST: """
≤ <= =< 不大于 不高于 不超过 不多于 不得大于 不得高于 不得超过 不得多于 不应大于 不应高于 不应超过
不能大于 不能高于 不能超过 不可超过 严禁超过 禁止超过 小于等于 小于或等于 至多 最多 上限为
降至 降到 降为 降低到 降低至 下降到 下降至 减少到 减少至 减至 缩短到 缩短至 缩小到 缩小至 压缩到 压缩至
""",
    Comparator.MORE: "> 大于 高于 超过 多于 突破 超出",
    Comparator.LESS: "< 小于 低于 少于 不足 不到 不满",
    Comparator.EQUAL: "= : 等于 为 是 约为 在 仅为 只有 仅 至 到",
}
WORD_OF: Final = {word: comparator for comparator, words in _COMPARISONS.items() for word in words.split()}
_ABOUT: Final = r"(?:大约|大概|约|接近|近|平均|一般|基本|目标|最高|最大)"
BEFORE: Final = re.compile(
    r"(?P<held>(?:控制|保持|保存|储存|贮存|限制|稳定|维持|约束)\s?(?:在|于|到)?|处于)?"
    r"(?:(?:缩短|降低|减少|提高|提升)(?:至|到)(?=[≤≥<>]))?"
    rf"(?P<word>{_any_of(' '.join(WORD_OF))})?\s*{_ABOUT}?\s*[(\s]*$"
)
"""What stands right before a number."""

WEAK: Final = frozenset({"在", "为", "是", ":", "=", "至", "到"})
"""Words that leave it to others whether the number is a limit."""
TOWARDS: Final = frozenset({"至", "到"})
FORMER: Final = ("由", "从", "原来", "原来的", "现在的", "目前的", "当前的", "比", "较", "现有的")
"""In front of a number that is to be left behind."""

_RAISING: Final = "提高|提升|增加|增长|增强|上升|升高|延长|增大|扩大|提速|加快"
_LOWERING: Final = "降低|减少|下降|缩短|减低|减小|缩小|节约|节省|减轻|压缩|降|减"
CHANGED: Final = re.compile(
    rf"(?:(?P<raised>{_RAISING})|(?P<lowered>{_LOWERING}))(?:了|约|近|幅度|率)?"
    r"(?P<word>不低于|不少于|不小于|超过|高于|大于|达到|达|至少|≥|>|约)?\s*[(\s]*$"
)
"""A change right before a number: 提高20%."""
CHANGING: Final = re.compile(
    r"\S{0,3}?(?:(?P<raised>提高|提升|增加|延长|增强|增大)|(?P<lowered>降低|减少|缩短|减小|节约|节省|减轻))(?=\S{2})"
)
"""A verb in front of what it changes: 降低能耗20%."""

AFTER: Final = re.compile(
    r"\s*\)?\s*(?P<word>及以上|或以上|以上|及以下|或以下|以下|以内|之内|范围内|之间|左右|上下|内)?"
)
AFTER_COMPARATOR: Final = {
    "以上": Comparator.AT_LEAST,
    "及以上": Comparator.AT_LEAST,
    "或以上": Comparator.AT_LEAST,
    "以下": Comparator.AT_MOST,
    "及以下": Comparator.AT_MOST,
    "或以下": Comparator.AT_MOST,
    "以内": Comparator.AT_MOST,
    "之内": Comparator.AT_MOST,
    "内": Comparator.AT_MOST,
}

_SUFFIXES: Final = _any_of("""
率 度 量 比 值 数 力 差 径 耗 压 温 速 频 幅 厚 长 宽 高 深 距 重 功率 电压 电流 电阻 电容 电感 频率 周期
寿命 时间 时长 次数 韧性 尺寸 面积 体积 容积 产能 能耗 耗能 用电 用水 损耗 消耗 扭矩 载荷 负荷 负载 噪音
噪声 振动 温升 水分 灰分 残留 收率 占比 比例 比重 间隙 行程 半衰期 pH pH值 Ra Rz DN 熔点 沸点 闪点 凝点 燃点
热值 系数 模量 压强 耐温 耐压 延时 延迟 时延 带宽 像素 视场角 角度 排放 效价 指数 冲击功 降噪 减重 节材 节能
节电 节水 节气 节煤 续航 里程 范围 规模 吨位 等级 目数 工期 产出 单产 亩产 年产 日产 月产 工效 极差 方差
信噪比 功耗 稳定性 成本 扬程 风压
""")
MEASURED: Final = re.compile(rf"(?:{_SUFFIXES})[A-Za-z0-9\1]*(?:\([^()]*\))?$")
"""A name that says by itself that it can be measured; a symbol may follow it: 粒径D50, 强度(湿态)."""
UNITLESS: Final = re.compile(r"(?:pH|pH值|系数|指数|信噪比|长径比|倍数)$", re.IGNORECASE)
"""Names whose numbers have no unit."""

MEASURED_AFTER: Final = re.compile(
    r"\s*(?:以上|以下|以内|左右|的|范围内?的?){0,3}\s?(?P<name>[\u4e00-\u9fff]{0,4}?"
    r"(?:(?:厚|长|宽|高|深)(?=[的，。;、]|$)|(?:厚|长|宽|高|深|温|湿|浓|纯|密|精|硬|强|速|跨)度|直径|半径|粒径|孔径|压力|压强|压差|温差|功率|电压|电流|频率"
    r"|载荷|流量|误差|间隙|间距|距离|含量|噪音|噪声|风压|风量|扬程|扭矩|容积|容量|合格率|准确率|转速|时间))"
    r"(?![\u4e00-\u9fff]{0,2}[:=≥≤<>])"
)
"""A name behind its number: 3.2毫米厚度, 150Pa的压强."""
CHANGED_AFTER: Final = re.compile(
    rf"\s*(?:以上|左右|以内)?的(?P<name>[\u4e00-\u9fff、]{{1,16}}?(?:{_SUFFIXES}))(?=[，。;!?\s]|$)"
)
"""What is lowered by so much may stand behind: 减少50%左右的固化剂使用量."""

NOT_TECHNICAL: Final = re.compile(
    "专利|论文|软著|著作权|标准\\S{0,3}$|规范|投入|投资|经费|资金|费用|预算|产值|利润|利税|税收|销售|收入|营收|注册资本|资产"
    "|员工|职工|人员|人才|博士|硕士|占地|市场|占有率|份额|影响因子|用户|价格|售价|单价|造价|报价|薪|专家|团队|奖|课题|文章"
    "|企业数|需求量|总投|创造|出口|补贴|贷款|就业|户数|排名|名次|客户|订单|订货|经济效益|社会效益"
)
"""What is counted or paid rather than measured."""
COMPARED: Final = re.compile(r"高于|低于|(?:较|比).{1,12}[高低大小]$")
"""A name that ends so is compared with something else, which is no bound by itself."""

_SKIPPED_BEFORE: Final = (
    r"[\s\0、,:\"“”'‘’)(\]\[·•*★◆●■□-]|所?述|先用|再用|后(?=升)|其中|其他|其|并且|并|且|和|与|及|以及|或|使得|使(?!用)|将|把|让|实现|保证|确保|满足"
    r"|具有|要求|需要|需(?!求)|应(?!力|变|急)|能够|能(?![量耗效级])|可以|可(?![靠溶逆])|达到|要|必须|即|如|对(?!比)|该|此"
    r"|本(?!体)|通过|在(?!线)|当(?!量)|从而|最终|预期|目标|指标|主要|技术(?!性)|以上|以下|以内|左右|之间|以(?!太)|的|是|为"
    r"|有(?![机效害色])|希望|力争|计划|拟|争取|同时|另外|目前|现有?|约(?!束)|经(?![济纬])|所|采用|用(?![电水量])"
)
LEADING: Final = re.compile(rf"(?:{_SKIPPED_BEFORE})+(?=\S{{2}})")
"""What is no part of a name at its beginning."""
TRAILING: Final = re.compile(
    r"(?:[\s\"“”'‘’)(:,\0·]|应该|应当|应|必须|需要|需|须|要求|要|能够|可以|(?<![耗节性功储热电动产])能|可|的|均|都|也|将|已经"
    r"|已|一般|总体|平均|最高|最低|最大|最小|保持|控制|稳定(?!性)|通常|基本|目前|只|仅|分别|同时|不|维持|限制|处于|才|即|其"
    r"|值得|大约|约|原来|现在|由|从|目标|设计|的?(?:提高|提升|降低|改善)|显著|大幅|明显|有效|常|往往|具有|含有|包含|包括|采用|为)+$"
)
"""What is no part of a name at its end."""
BREAK: Final = re.compile(
    r"[\0，。;:!?、\n\r\t\"“”《》≥≤<>=]|[(\[](?=[^)\]]*$)|转为|开发|公司|适用于|降至|降到|预计|相对于|达到|超过|从而|使得|使(?!用)|确保"
    r"|保证|满足|实现|其中|并且|同时|而且|以及|能够|具有|要求|的(?=[^的]{2,}$)|(?<=[^温湿饱])和(?!度)|与(?=[^的]{2,})|且|将|把"
)
"""Where a name begins, the last one counts."""

NOT_MEASURED: Final = re.compile(r"[升降保加控恒]温$|[加减降升]压$|加(?:速|深|宽|厚|长|高)$")
"""What is done rather than measured."""
SHORT_NAMES: Final = frozenset({"厚", "长", "宽", "高", "深", "重"})
HAS_WORD: Final = re.compile(r"[\u4e00-\u9fff]|[A-Za-zα-ωΑ-Ω]")
UNIT_IN_NAME: Final = (
    r"(?P<name>[^，。;:!?、\n()≥≤<>=]{2,20}?)(?:\(\s*)?(?P<unit>(?=[A-Za-z%℃°μΩ])%UNIT%)\s*\)?\s*:?\s*$"
)
"""抗拉强度(MPa)≥500, 噪音dB:≤80: the unit stands behind the name."""
