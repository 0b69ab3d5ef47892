"""zh-CN sentences of the services."""

from typing import Final

CHECKS: Final[dict[str, str]] = {
    "schema.ok": "数据库结构为最新版本（{revision}）",
    "schema.behind": "数据库结构不是最新版本。请运行 matchmaker init。",
    "encoder.ok": "{encoder}，试编码正常",
    "index.ok": "正在使用索引版本 {generation}，文件校验通过",
}

UNDONE: Final = (
    "已撤销导入批次 {id}（{label}，{file}）：移除当时新增的 {removed:,} 条，恢复当时更新的 {restored:,} 条。"
)
DEPENDENTS: Final = "{label} {n:,} 条"
DEPENDENT_BATCHES: Final = "（来自批次 {batches}）"
