"""zh-CN sentences of nights and runs."""

from typing import Final

ARGUMENT_SOURCE: Final = "需求编号、企业的统一社会信用代码或成果编号"
EXPLAINED_RUN: Final = "批次 {run}（索引版本 {snapshot}）给“{title}”的推荐："
OPTION_AS_OF: Final = "按哪一天算（年-月-日），默认今天：过了截止日期的需求不再匹配"
OPTION_RESUME: Final = "接着做被中断的批次；没有则开始新的"
OPTION_EXECUTOR: Final = "由谁计算：serial（本进程）、processes（多个进程）、dask（集群）"
OPTION_SCHEDULER: Final = "Dask 调度器地址，例如 tcp://10.0.0.5:8786"
OPTION_SCOPE: Final = "只做一部分：区镇=…、产业链=…、来源=need/enterprise/achievement；可重复。这样的批次不会发布"
OPTION_KEEP_INDEX: Final = "不更新索引，用现有的索引版本"
OPTION_DRY_RUN: Final = "只说要做什么，不写入任何内容"
OPTION_N_CHANGES: Final = "最多列出多少条变化"
ARGUMENT_RUN: Final = "批次编号，见 matchmaker runs list"
NIGHT_PREVIEW: Final = (
    "将匹配 {needs:,} 条需求、{enterprises:,} 家没有需求的企业、{achievements:,} 项成果；"
    "候选共 {experts:,} 位专家、{platforms:,} 个创新平台。没有写入任何内容。"
)
NIGHT_DONE: Final = "批次 {run} {state}：{sources:,} 个来源，其中重新计算 {computed:,}、沿用 {carried:,}，共 {suggestions:,} 条推荐。"
NIGHT_WHY: Final = "  重新计算的原因：{why} {count:,}"
NIGHT_PUBLISHED: Final = "已发布。变化见 matchmaker runs digest；退回上一批次：matchmaker runs rollback"
NIGHT_PARTIAL: Final = (
    "有 {shards} 份工作多次失败后搁置，批次未发布，读者看到的仍是上一批次。"
    "查看原因：matchmaker runs show {run}；仍要发布：matchmaker runs publish {run}"
)
NIGHT_SCOPED: Final = "这个批次只针对 {scope}，供查看，没有发布。"
EXPOSURE_HEADERS: Final = ("名单对象", "平均匹配度", "覆盖率", "基尼系数", "超出容量", "最多进入几份名单")
RUN_HEADERS: Final = ("批次", "开始（UTC）", "方式", "范围", "状态", "来源数")
IS_PUBLISHED: Final = "（已发布）"
NO_RUNS: Final = "还没有批次。请运行 matchmaker nightly。"
RUN_MADE_BY: Final = "索引版本 {snapshot}，模型 {encoder}，设置 {config}"
RUN_HOLDS: Final = "保存了 {n:,} 条推荐"
RUN_STAGE: Final = "  {stage}：{seconds:,.1f} 秒"
RUN_QUARANTINED: Final = "第 {number} 份工作（{stage}）已搁置：{error}"
RUN_PUBLISHED: Final = "读者现在看到的是批次 {run}（此前是 {before}）。"
PLACE: Final = "第 {position} 名，{score:.2f}"
DIGEST_OF: Final = "批次 {run} 与 {former} 相比，看了 {sources:,} 个来源。"
DIGEST_COUNTS: Final = "  {kind}：{changes}"
DIGEST_HEADERS: Final = ("来源", "对象", "编号", "变化", "此前", "现在")
DIGEST_MORE: Final = "只列出前 {shown:,} 条，共 {n:,} 条。用 -n 列出更多，或用 --json 输出。"
