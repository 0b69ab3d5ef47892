"""The states of needs and of matches, and the reasons that negative steps must give."""

from enum import StrEnum
from typing import Final


class NeedState(StrEnum):
    """Where a need stands."""

    DRAFT = "草稿"
    SUBMITTED = "待审核"
    RETURNED = "退回补充"
    DIAGNOSIS = "二次诊断"
    PUBLISHED = "已发布"
    MATCHING = "匹配中"
    BROKERING = "对接中"
    SOLVED = "已解决"
    PARTLY_SOLVED = "部分解决"
    TRACKED = "长期跟踪"
    UNSOLVED = "未解决"
    CLOSED = "关闭"
    EXPIRED = "过期"
    WITHDRAWN = "撤回"


OPEN_NEED_STATES: Final = frozenset(
    {NeedState.PUBLISHED, NeedState.MATCHING, NeedState.BROKERING, NeedState.TRACKED}
)
"""Needs that are matched by night and listed for reviewers."""

EDITABLE_NEED_STATES: Final = frozenset(
    {NeedState.DRAFT, NeedState.SUBMITTED, NeedState.RETURNED, NeedState.DIAGNOSIS}
)
"""Needs whose content their owner may still change."""

REVIEWER_EDITABLE_NEED_STATES: Final = (
    EDITABLE_NEED_STATES | OPEN_NEED_STATES | {NeedState.EXPIRED, NeedState.CLOSED, NeedState.UNSOLVED}
)
"""Needs whose content officers may change; a new deadline is what opens one that has expired."""


UNPUBLISHED_NEED_STATES: Final = EDITABLE_NEED_STATES | {NeedState.WITHDRAWN}
"""Needs that nobody but their owner and their reviewers may learn of: they are not indexed."""


class CaseState(StrEnum):
    """Where a match (对接) stands, from the system's suggestion to its evaluation.

    ``专家接受`` and its neighbours hold for platforms and achievements as well: there the other side answers.
    """

    SUGGESTED = "系统推荐"
    IN_REVIEW = "官员审核"
    CONFIRMED = "确认"
    REJECTED = "驳回"
    ADJUSTED = "调整"
    PUSHED = "推送"
    ENTERPRISE_INTERESTED = "企业有意"
    ENTERPRISE_DECLINED = "企业无意"
    EXPERT_ACCEPTED = "专家接受"
    EXPERT_DECLINED = "专家婉拒"
    EXPERT_SILENT = "超时未答"
    CONTACT = "接洽"
    NEGOTIATION = "洽谈"
    SIGNED = "签约"
    FUNDED = "立项/预研资金"
    IMPLEMENTATION = "实施"
    COMPLETED = "结题"
    EVALUATED = "评价"
    TERMINATED = "终止"
    CANCELLED = "取消"
    FAILED_BID = "流标"


UNREVIEWED_CASE_STATES: Final = frozenset({CaseState.SUGGESTED, CaseState.IN_REVIEW})
"""Matches on which no officer has decided."""

ASKED_CASE_STATES: Final = frozenset({CaseState.PUSHED, CaseState.ENTERPRISE_INTERESTED, CaseState.EXPERT_SILENT})
"""Matches in which one side was asked and has not answered yet."""

RUNNING_CASE_STATES: Final = frozenset(
    {
        CaseState.EXPERT_ACCEPTED,
        CaseState.CONTACT,
        CaseState.NEGOTIATION,
        CaseState.SIGNED,
        CaseState.FUNDED,
        CaseState.IMPLEMENTATION,
    }
)
"""Matches that take one of the places which an expert's capacity leaves."""

AGREED_CASE_STATES: Final = RUNNING_CASE_STATES | {CaseState.COMPLETED, CaseState.EVALUATED}
"""Matches to which both sides have said yes and which nobody has ended: contacts may be released."""

SIGNED_CASE_STATES: Final = frozenset(
    {
        CaseState.SIGNED,
        CaseState.FUNDED,
        CaseState.IMPLEMENTATION,
        CaseState.COMPLETED,
        CaseState.EVALUATED,
    }
)
"""Matches with a contract in force or fulfilled."""

ENDED_CASE_STATES: Final = frozenset(
    {
        CaseState.REJECTED,
        CaseState.ENTERPRISE_DECLINED,
        CaseState.EVALUATED,
        CaseState.TERMINATED,
        CaseState.CANCELLED,
        CaseState.FAILED_BID,
    }
)
"""Matches on which nobody is waiting; some can be taken up again."""

OPEN_CASE_STATES: Final = frozenset(CaseState) - ENDED_CASE_STATES
"""Matches on which somebody is waiting."""


class ReasonCode(StrEnum):
    """Why a step is negative; obligatory on every one."""

    FIELD = "领域不符"
    INDICATORS = "指标不满足"
    STAGE = "阶段/TRL 不符"
    BUDGET = "经费不符"
    TIME = "时限不符"
    REGION = "地域"
    COOPERATING = "已有合作"
    CONFLICT = "利益冲突"
    EXPERT_BUSY = "专家无暇"
    NO_ANSWER = "无回应"
    UNCLEAR = "需求描述不清"
    DUPLICATE = "重复"
    STALE = "信息过时"
