"""What each key figure means: said once, for pages, tables and whoever asks how it came about."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, StrEnum, auto
from typing import Final

from recommender.domain.figures import STAGE_LABELS, Stage


class Unit(StrEnum):
    """In what a figure is given."""

    CASES = "条"
    PERSONS = "位"
    WAN = "万元"
    DAYS = "天"
    SHARE = "%"
    TIMES = "倍"
    INDEX = ""


class Direction(Enum):
    """Which way a figure should go."""

    UP = auto()
    DOWN = auto()
    NEITHER = auto()


class Measure(StrEnum):
    """The figures of the cockpit."""

    ENTERPRISE_COVERAGE = "enterprise_coverage"
    NEED_COVERAGE = "need_coverage"
    OPENED = "opened"
    CONFIRMED = "confirmed"
    PUSHED = "pushed"
    INTERESTED = "interested"
    ACCEPTED = "accepted"
    CONTACTED = "contacted"
    SIGNED = "signed"
    COMPLETED = "completed"
    CONVERSION = "conversion"
    AMOUNT = "amount"
    FUNDING = "funding"
    SPENDING = "spending"
    LEVERAGE = "leverage"
    MEDIAN_DAYS = "median_days"
    P90_DAYS = "p90_days"
    GAP = "gap"
    GOOD_EXPERTS = "good_experts"
    REFUSALS = "refusals"
    GINI = "gini"
    EXPERT_COVERAGE = "expert_coverage"
    CONGESTION = "congestion"


@dataclass(frozen=True, slots=True)
class Definition:
    """How a figure is named, counted and read.

    Attributes:
        label: zh-CN name.
        formula: zh-CN, how it comes about; ``{high}`` is the score from which a match is good.
        source: zh-CN, what it is counted from.
    """

    label: str
    unit: Unit
    direction: Direction
    formula: str
    source: str


_STEPS: Final = "对接的时间线，已撤销的步骤不计"
_RUN: Final = "已发布批次的推荐、资源库"
_UP, _DOWN, _NEITHER = Direction.UP, Direction.DOWN, Direction.NEITHER


def _reached(stage: Stage, what: str) -> Definition:
    formula = f"时段内首次{what}的对接条数"
    return Definition(STAGE_LABELS[stage], Unit.CASES, _UP, formula, _STEPS)


DEFINITIONS: Final[Mapping[Measure, Definition]] = {
    Measure.ENTERPRISE_COVERAGE: Definition(
        "企业覆盖率",
        Unit.SHARE,
        _UP,
        "有好匹配的企业 ÷ 全部企业；好匹配指企业自身或其开放需求在已发布批次中的最高得分不低于 {high}",
        _RUN,
    ),
    Measure.NEED_COVERAGE: Definition(
        "需求覆盖率",
        Unit.SHARE,
        _UP,
        "有好匹配的开放需求 ÷ 全部开放需求；好匹配指在已发布批次中的最高得分不低于 {high}",
        _RUN,
    ),
    Measure.OPENED: _reached(Stage.OPENED, "作出审核决定（确认、调整或驳回）"),
    Measure.CONFIRMED: _reached(Stage.CONFIRMED, "确认（含调整后确认）"),
    Measure.PUSHED: _reached(Stage.RECOMMENDED, "推送给企业"),
    Measure.INTERESTED: _reached(Stage.INTERESTED, "得到企业有意答复"),
    Measure.ACCEPTED: _reached(Stage.ACCEPTED, "得到专家（或平台、成果方）接受"),
    Measure.CONTACTED: _reached(Stage.CONTACTED, "进入接洽"),
    Measure.SIGNED: _reached(Stage.SIGNED, "签约"),
    Measure.COMPLETED: _reached(Stage.COMPLETED, "结题"),
    Measure.CONVERSION: Definition(
        "留存",
        Unit.SHARE,
        _UP,
        "时段内作出审核决定的推荐中，截至目前至少走到这一步的条数 ÷ 至少走到上一步的条数",
        _STEPS,
    ),
    Measure.AMOUNT: Definition(
        "合同金额", Unit.WAN, _UP, "时段内首次签约的对接，其合同金额之和；金额未填的按 0 计", "对接结果中的合同"
    ),
    Measure.FUNDING: Definition(
        "预研资金", Unit.WAN, _UP, "时段内拨付的预研资金之和，两笔分别按拨付日期计", "对接结果中的预研资金"
    ),
    Measure.SPENDING: Definition(
        "带动企业投入", Unit.WAN, _UP, "时段内拨付的预研资金所对应的企业研发投入之和", "对接结果中的预研资金"
    ),
    Measure.LEVERAGE: Definition("带动倍数", Unit.TIMES, _UP, "带动企业投入 ÷ 预研资金", "对接结果中的预研资金"),
    Measure.MEDIAN_DAYS: Definition(
        "中位用时", Unit.DAYS, _DOWN, "时段内走到后一步的对接，从前一步首次到达起的天数的中位数", _STEPS
    ),
    Measure.P90_DAYS: Definition("九成用时", Unit.DAYS, _DOWN, "同上，九成的对接不超过的天数", _STEPS),
    Measure.GAP: Definition(
        "没有好专家的需求", Unit.CASES, _DOWN, "已发布批次中，得分最高的专家低于 {high} 的开放需求条数", _RUN
    ),
    Measure.GOOD_EXPERTS: Definition(
        "好专家",
        Unit.PERSONS,
        _UP,
        "至少对一条开放需求得分不低于 {high} 的不同专家；平台同此",
        _RUN,
    ),
    Measure.REFUSALS: Definition(
        "未成原因", Unit.CASES, _NEITHER, "时段内写有原因的步骤数（驳回、无意、婉拒、超时、终止等）", _STEPS
    ),
    Measure.GINI: Definition(
        "推荐集中度",
        Unit.INDEX,
        _DOWN,
        "各专家进入推荐名单份数的基尼系数：0 为人人一样多，1 为全在一人",
        "批次报告",
    ),
    Measure.EXPERT_COVERAGE: Definition(
        "专家推荐面", Unit.SHARE, _UP, "至少进入一份推荐名单的专家 ÷ 全部可推荐的专家", "批次报告"
    ),
    Measure.CONGESTION: Definition(
        "超容量推荐", Unit.SHARE, _DOWN, "超出专家名额的推荐 ÷ 全部专家推荐", "批次报告"
    ),
}

STAGE_MEASURES: Final[Mapping[Stage, Measure]] = {
    Stage.OPENED: Measure.OPENED,
    Stage.CONFIRMED: Measure.CONFIRMED,
    Stage.RECOMMENDED: Measure.PUSHED,
    Stage.INTERESTED: Measure.INTERESTED,
    Stage.ACCEPTED: Measure.ACCEPTED,
    Stage.CONTACTED: Measure.CONTACTED,
    Stage.SIGNED: Measure.SIGNED,
    Stage.COMPLETED: Measure.COMPLETED,
}


class Goal(StrEnum):
    """Goals of the city that are watched."""

    RESEARCH_BODIES = "research_bodies"
    COOPERATION = "cooperation"
    PATENTS = "patents"
    TALENT_SPENDING = "talent_spending"


@dataclass(frozen=True, slots=True)
class GoalDefinition:
    """A goal: ``target`` is a share in [0, 1]; ``missing`` says what has to be there before it can be counted."""

    label: str
    target: float
    formula: str
    source: str
    missing: str


GOALS: Final[Mapping[Goal, GoalDefinition]] = {
    Goal.RESEARCH_BODIES: GoalDefinition(
        "大中型企业和规上高企建有研发机构",
        1.0,
        "最近一年“研发机构级别”不为“无”的企业 ÷ 大型、中型企业和规上高新技术企业",
        "企业库、年度数据",
        "企业的规模、规上、资质和“研发机构级别”",
    ),
    Goal.COOPERATION: GoalDefinition(
        "规上高企开展产学研",
        0.95,
        "近三年“产学研项目”大于 0，或在本平台签约过的企业 ÷ 规上高新技术企业",
        "企业库、年度数据、对接结果",
        "企业的规上、资质和“产学研项目”",
    ),
    Goal.PATENTS: GoalDefinition(
        "专利来自企业",
        0.92,
        "企业申请的专利 ÷ 全市专利",
        "全市专利统计",
        "全市专利统计；资源库中的专利是供给方的成果，不能代表全市",
    ),
    Goal.TALENT_SPENDING: GoalDefinition(
        "科技人才企业有研发投入",
        0.9,
        "最近一年“研发费用”大于 0 的企业 ÷ 资质含“科技人才”的企业",
        "企业库、年度数据",
        "资质“科技人才企业”和“研发费用”",
    ),
}
"""What the city has set itself."""
