"""zh-CN sentences of backups."""

from typing import Final

ARGUMENT_BACKUP: Final = "备份文件，例如 备份-2026-11-28.zip"
OPTION_WITH_KEY: Final = "把联系方式的密钥也放进备份：这样一份文件就能完整恢复，但拿到它的人也能读出全部联系方式。不加则密钥须另行保管，丢失后联系方式无法恢复"
OPTION_REPLACE_DATABASE: Final = "用备份替换数据库现有的全部内容"
OPTION_CHECK_BACKUP: Final = "只检查备份是否完好，不恢复"
BACKED_UP: Final = "已备份 {tables} 张表、{rows:,} 行（{size}）到 {path}。"
BACKUP_HAS_KEY: Final = "备份中有联系方式的密钥：拿到这个文件的人能读出全部联系方式，请加密保存或放在受控的地方。"
BACKUP_WITHOUT_KEY: Final = "备份中没有联系方式的密钥，请另行备份 {path}，并与本文件分开保管。"
BACKUP_SOUND: Final = "备份完好：{tables} 张表、{rows:,} 行，取自 {at}（{database}）。"
RESTORED: Final = "已恢复 {tables} 张表、{rows:,} 行，行数与 sha256 逐表核对一致。备份取自 {at}（{database}）。"
RESTORED_KEY_MISSING: Final = (
    "还没有联系方式的密钥：请把原来的密钥文件放到 {path}，在此之前联系方式无法读出，其他内容不受影响。"
)
RESTORED_INDEX_HERE: Final = "索引版本 {generation} 仍在，可以直接使用。"
RESTORED_BUILD: Final = "接下来：matchmaker index build 重建索引，再启动服务。"
RESTORED_SETTINGS: Final = "以下设置与备份时不同，请核对："
RESTORED_SETTING: Final = "  {name}：当时 {then}，现在 {now}"
