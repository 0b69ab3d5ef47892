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


class CaseState(StrEnum):
    """Where a match (对接) stands, from the system's suggestion to its evaluation."""

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
