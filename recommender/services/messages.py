"""zh-CN sentences of the services."""

from typing import Final

CHECKS: Final[dict[str, str]] = {
    "schema.ok": "数据库结构为最新版本（{revision}）",
    "schema.behind": "数据库结构不是最新版本。请运行 matchmaker init。",
    "encoder.ok": "{encoder}，试编码正常",
    "index.ok": "正在使用索引版本 {generation}，文件校验通过",
}
