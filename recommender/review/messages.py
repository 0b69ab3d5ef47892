"""zh-CN sentences and headings of the workflows."""

from typing import Final

from recommender.domain.accounts import Permission

NEED_LABEL: Final = "需求"
CASE_LABEL: Final = "对接"

POSSIBLE: Final = "现在可以转为：{states}"
NOTHING_POSSIBLE: Final = "现在没有当前账号可以做的下一步，请联系负责的审核员"

PARTIES: Final[dict[Permission, str]] = {
    Permission.NEEDS_WRITE: "企业、审核员",
    Permission.NEEDS_REVIEW: "审核员",
    Permission.CASES_ANSWER: "企业、审核员",
    Permission.CASES_REVIEW: "审核员",
}
"""Who holds the permission of a step."""
SYSTEM: Final = "系统"

NEED_WAITS: Final[dict[str, str]] = {
    "review": "审核",
    "supplement": "企业补充",
    "diagnose": "二次诊断",
    "match": "选出第一批推荐",
    "progress": "对接有进展或有结果",
    "revisit": "回访",
    "close": "归档或重新打开",
}
CASE_WAITS: Final[dict[str, str]] = {
    "review": "审核员审核",
    "push": "推送给企业",
    "enterprise": "企业答复",
    "expert": "专家答复",
    "silent": "再次联系专家或取消",
    "declined": "另选对象或取消",
    "contact": "开始接洽",
    "negotiate": "洽谈进展",
    "sign": "签约进展",
    "fund": "立项或开始实施",
    "implement": "开始实施",
    "milestone": "里程碑进展",
    "evaluate": "双方评价",
}

BY_WISH: Final = "企业已于 {at} 对此推荐表示有意。"
"""Note of the step with which a push is answered at once; what the enterprise wrote follows."""

PAGE: Final = """\
# 需求与对接的流程

<!-- 由 recommender/review 中的流程表生成：python -m recommender.review.page > docs/workflows.md -->

每一步都记录谁、何时、从哪里到哪里、原因与备注。标有“须写原因”的步骤必须选一个原因：
{reasons}。

不在表中的步骤一律拒绝（409），并说明现在可以做什么。修改时要带上看到的版本号，版本不符同样拒绝，因此不会有决定被覆盖。

“系统”指定时任务或随其他步骤自动发生：没有建立对接的推荐以“系统推荐”计，有人处理时才建立；超过答复期限的记为“超时未答”；
过了截止日期的需求记为“过期”；需求撤回、过期或关闭时，签约之前的对接一并取消（原因：信息过时）；对方移出资源库时亦然。
自己最近的一次决定可以在时限内撤销（设置 `MATCHMAKER_UNDO_MINUTES`），批量决定可以整批撤销。

企业看到推荐后可以先表示“有意”或“无意”。有意的排在审核员队列的最前，推送时随即记为“企业有意”；无意的不再推送，
已经打开而没有推送的对接随之取消（原因同企业所选），企业撤销或改变意向时恢复。

对接的“专家接受”“专家婉拒”对创新平台和成果同样适用，指对方的答复。

{sections}"""
SECTION: Final = """\
## {label}

```mermaid
stateDiagram-v2
{diagram}
```

| 从 | 到 | 谁 | 须写原因 | 须写备注 |
|---|---|---|---|---|
{steps}

| 状态 | 等待 | 期限（天） |
|---|---|---|
{waits}
"""
YES: Final = "是"
NO: Final = ""
