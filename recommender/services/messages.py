"""zh-CN sentences of the services."""

from typing import Final

CHECKS: Final[dict[str, str]] = {
    "schema.ok": "数据库结构为最新版本（{revision}）",
    "schema.behind": "数据库结构不是最新版本。请运行 matchmaker init。",
    "encoder.ok": "{encoder}，试编码正常",
    "index.ok": "正在使用索引版本 {generation}，文件校验通过",
    "disk.ok": "{path} 可以写入，所在磁盘还有 {free} GB",
    "disk.full": "{path} 所在磁盘只剩 {free} GB。请清理磁盘，或把运行时文件移到更大的磁盘（设置 MATCHMAKER_VAR_DIR）。",
    "disk.read_only": "{path} 不能写入。请确认运行服务的用户可以写入这个文件夹。",
    "backup.ok": "最近一次备份在 {days} 天以内",
    "backup.old": "最近一次备份已是 {days} 天前。请运行 matchmaker backup，并把文件存到另一台机器。",
    "backup.none": "还没有备份过。请运行 matchmaker backup，并把文件存到另一台机器。",
}

UNDONE: Final = (
    "已撤销导入批次 {id}（{label}，{file}）：移除当时新增的 {removed:,} 条，恢复当时更新的 {restored:,} 条。"
)
DEPENDENTS: Final = "{label} {n:,} 条"
DEPENDENT_BATCHES: Final = "（来自批次 {batches}）"

BATCH_FACT: Final = "{name} {year} 年 {indicator}"
BATCH_LINK: Final = "成果 {achievement} 与平台 {platform}"

FIND_STAGE: Final = "{phase}{kind}"
CHANGED_ROW: Final = "{table}“{id}”"
CHANGED_MORE: Final = "{shown} 等 {n:,} 处"
MERGE_TABLES: Final[dict[str, str]] = {
    "enterprise": "企业",
    "need": "需求",
    "expert": "专家",
    "platform": "创新平台",
    "achievement": "成果",
    "achievement_author": "成果的完成人",
    "achievement_platform": "成果与平台的关系",
    "enterprise_fact": "年度数据",
    "match_run": "匹配批次",
    "suggestion": "推荐",
    "duplicate_proposal": "疑似重复",
    "merged_id": "已并入的编号",
}

EXPLAINED: Final[dict[str, str]] = {
    "settings": "匹配的设置在这个批次之后改过，理由按现在的设置写出，名次与得分是当时的。",
    "changed": "需求或对方的资料在这个批次之后改过，理由按现在的内容写出，名次与得分是当时的。",
    "removed": "一方的资料已不在资源库中，只能显示推荐当时留下的得分。",
    "proposed": "这是审核员提出的对接，得分与理由按现在的索引计算。",
    "settled": "另有 {n} 个{kind}不再推荐，不占名额（{reasons}）。",
    "gone": "当时推荐的有 {n} 个现在不可推荐、已移出资源库或不在查看范围内，没有列出。",
}

HIGH_LABEL: Final = "高分"
LOW_LABEL: Final = "有把握"

FIGURE_HEADERS: Final = ("分组", "合同金额（万元）", "预研资金（万元）", "企业研发投入（万元）", "带动倍数")
FIGURE_DAYS: Final = ("中位", "九成")
FIGURE_INTERVAL: Final = "{earlier}到{later}天数（{what}）"
CASE_HEADERS: Final = (
    "对接编号",
    "需求或成果",
    "企业",
    "区镇",
    "产业链",
    "对象类别",
    "对象",
    "对象单位",
    "状态",
    "等待",
    "期限",
    "推送时间",
    "更新时间",
    "推荐得分",
)
FEEDBACK_PURPOSE: Final = "用审核决定训练与度量匹配质量"
FEEDBACK_CATEGORIES: Final = ("研究方向", "能解决的问题", "简介", "成果与署名")

ASKED_TEXT: Final = "查找={text}"
ASKED_FACET: Final = "{facet}={value}"
NOT_STATED: Final = "未填写"
"""How an export says what the list showed."""
