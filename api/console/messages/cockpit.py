"""What the cockpit says in sentences: findings of charts, comparisons, what has to be there first."""

from typing import Final

from recommender.domain.periods import PeriodKind

TOWN: Final = "区镇"
CHAIN: Final = "产业链"
FIELD: Final = "技术领域"
OTHER_CHAINS: Final = "其他产业链"
CASES: Final = "条"
YUAN: Final = "元"
TIMES: Final = "次"
SUBJECTS: Final[dict[str, str]] = {
    "funnel": "对接漏斗",
    "months": "逐月进展",
    "money": "合同金额与预研资金",
    "towns": "各区镇的进展",
    "chains": "各产业链的进展",
    "days": "各步用时",
    "refusals": "未成原因",
    "coverage-towns": "各区镇的覆盖率",
    "coverage-chains": "各产业链的覆盖率",
    "gaps-chains": "各产业链的供需",
    "gaps-fields": "各技术领域的供需",
    "unserved": "没有好专家的需求",
    "exposure": "专家推荐分布",
}
"""What each table is about."""

COLUMNS: Final[dict[str, tuple[str, str]]] = {
    "step": ("步骤", ""),
    "reached": ("至少走到", "条"),
    "kept": ("留存", "%"),
    "of_first": ("占推荐", "%"),
    "month": ("月份", ""),
    "amount": ("合同金额", "万元"),
    "funding": ("预研资金", "万元"),
    "spending": ("带动企业投入", "万元"),
    "leverage": ("带动倍数", "倍"),
    "median": ("中位", "天"),
    "p90": ("九成不超过", "天"),
    "cases": ("对接", "条"),
    "median_before": ("此前中位", "天"),
    "reason": ("原因", ""),
    "total": ("合计", "次"),
    "enterprises": ("企业", "家"),
    "enterprises_served": ("有好匹配", "家"),
    "enterprise_coverage": ("企业覆盖率", "%"),
    "needs": ("开放需求", "条"),
    "needs_served": ("有好匹配的需求", "条"),
    "need_coverage": ("需求覆盖率", "%"),
    "without_expert": ("没有好专家", "条"),
    "without_any": ("没有任何好匹配", "条"),
    "experts": ("好专家", "位"),
    "platforms": ("好平台", "家"),
    "need": ("需求", ""),
    "title": ("名称", ""),
    "chain": ("产业链", ""),
    "best": ("最好的专家", "得分"),
    "run": ("完成时间", ""),
    "run_id": ("批次", ""),
    "gini": ("推荐集中度（基尼系数）", ""),
    "expert_coverage": ("专家推荐面", "%"),
    "congestion": ("超容量推荐", "%"),
    "most": ("一位专家最多进入", "份"),
}
"""Label and unit of a column."""

NOTE: Final = "{label}：{formula}。来源：{source}。"

SINCE: Final = "开始日期"
UNTIL: Final = "结束日期"
UNKNOWN: Final = "未注明"
CITY: Final = "全市"
OWN_REACH: Final = "负责范围"

BEFORE: Final[dict[PeriodKind, str]] = {
    PeriodKind.MONTH: "上月同期",
    PeriodKind.QUARTER: "上季度同期",
    PeriodKind.YEAR: "上年同期",
    PeriodKind.CUSTOM: "此前同样天数",
}
LEAD: Final = "{since} 至 {until}，{where}；与{before}（{before_since} 至 {before_until}）比较。"
LEADS: Final[dict[str, str]] = {
    "supply": "{where}现在的企业与开放需求，按已发布批次的推荐统计。",
    "exposure": "最近的全市批次中，推荐在专家之间分布得是否均匀。",
    "goals": "{where}的企业，按企业库与年度数据统计。",
}
SAME: Final = "与{before}持平"
NO_BEFORE: Final = "{before}没有"
MORE: Final = "▲ {change}"
LESS: Final = "▼ {change}"
GROWTH: Final = "{change}（{growth}）"

FUNNEL: Final = "{n} 条推荐中 {signed} 条走到签约；流失最多的一步是“{step}”，留下 {kept}"
FUNNEL_SIGNED: Final = "{n} 条推荐中 {signed} 条走到签约"
FUNNEL_EMPTY: Final = "这个时段还没有作出审核决定的推荐。请选更长的时段，或到审核台处理推荐。"
MONTHS: Final = "近 12 个月推送 {pushed} 条、签约 {signed} 条，推送最多的是 {month}（{n} 条）"
MONTHS_EMPTY: Final = "近 12 个月还没有推送。请到审核台确认并推送推荐。"
MONEY: Final = "近 12 个月签约 {amount}元，预研资金 {funding}元，带动企业投入 {spending}元"
MONEY_EMPTY: Final = "近 12 个月还没有合同金额或预研资金。请在签约的对接中登记合同。"
GROUP: Final = "{key}推送最多（{pushed} 条，占 {share}）"
GROUP_SIGNED: Final = "{key}推送最多（{pushed} 条，占 {share}），签约最多的是{best}（{signed} 条）"
GROUP_BOTH: Final = "{key}推送最多（{pushed} 条，占 {share}），签约也最多（{signed} 条）"
GROUP_EMPTY: Final = "这个时段还没有推送。请选更长的时段，或到审核台推送推荐。"
DAYS: Final = "最慢的是“{earlier}”到“{later}”：一半不超过 {median} 天，九成不超过 {p90} 天"
DAYS_EMPTY: Final = "这个时段还没有走完任何一步的对接。请选更长的时段。"
REFUSALS: Final = "最常见的原因是“{reason}”（{n} 次，占 {share}）{where}"
REFUSALS_WHERE: Final = "，其中{chain}最多（{n} 次）"
REFUSALS_EMPTY: Final = "这个时段没有写原因的步骤。可以选更长的时段。"

COVERAGE: Final = "{key}的企业覆盖率最低：{n} 家企业中 {served} 家有好匹配（{share}）"
COVERAGE_NEEDS: Final = "{key}的需求覆盖率最低：{n} 条需求中 {served} 条有好匹配（{share}）"
COVERAGE_FULL: Final = "各处的企业都有好匹配"
COVERAGE_EMPTY: Final = "范围内还没有企业或开放需求。请先导入企业、提出需求。"
GAP: Final = "{field}缺口最大：{n} 条需求中 {without} 条没有好专家"
GAP_NONE: Final = "各领域的需求都有好专家"
GAP_EMPTY: Final = "范围内没有写明{label}的开放需求。请在需求中补充{label}，或放宽统计范围。"
UNSERVED: Final = "{n} 条需求没有好专家，下面列出各产业链中得分最低的几条"
UNSERVED_NONE: Final = "每条开放需求都有好专家"
UNSERVED_EMPTY: Final = "没有这样的需求。可以在“覆盖率”中查看各处的覆盖情况。"

EXPOSURE_FIRST: Final = "推荐集中度 {gini}：{coverage} 的专家至少进入一份名单"
EXPOSURE_CHANGED: Final = "推荐集中度由 {before} {change}到 {gini}，{coverage} 的专家至少进入一份名单"
EXPOSURE_SAME: Final = "推荐集中度保持在 {gini}，{coverage} 的专家至少进入一份名单"
RISEN: Final = "升"
FALLEN: Final = "降"
EXPOSURE_EMPTY: Final = "还没有完成的批次。请到“批次”页运行一个批次。"

GOAL_MET: Final = "达到"
GOAL_SHORT: Final = "还差 {missing} 家"
GOAL_UNKNOWN: Final = "数据不足"
GOAL_MISSING: Final = "需要补充：{missing}。"
GOAL_PARTLY: Final = "{n_all} 家中 {n_known} 家有数据；没有数据的不计入。"
GOAL_OF: Final = "{n} 家中 {met} 家做到。"

WITHOUT_ANY: Final = "其中 {n} 条没有任何好匹配"
AND_PLATFORMS: Final = "另有好平台 {n} 家"
OF_ENTERPRISES: Final = "{n} 家企业中 {served} 家"
OF_NEEDS: Final = "{n} 条开放需求中 {served} 条"
