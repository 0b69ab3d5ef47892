"""Sentences of backups."""

from typing import Final

ERRORS: Final[dict[str, str]] = {
    "backup.not_empty": "数据库不是空的（已有内容的表：{tables}），没有恢复。请换一个空的数据库；确定要用备份替换现有内容时，可以加 --force。",
    "backup.not_found": "没有备份文件 {path}。请核对路径和文件名。",
    "backup.not_a_backup": "文件 {file} 不是 matchmaker backup 写出的备份，或不完整。请换一份备份。",
    "backup.newer": "备份 {file} 由更新版本的程序写出。请升级本程序后再恢复。",
    "backup.damaged": "备份中表 {table} 的内容已损坏，没有恢复，数据库保持原样。请换一份备份。",
    "backup.not_the_same": "恢复后表 {table} 的内容与备份不一致，已全部撤回，数据库保持原样。请检查磁盘后重试。",
    "backup.no_key": "没有可以放进备份的密钥文件 {path}。请核对 MATCHMAKER_KEY_FILE，或去掉 --with-key。",
    "backup.other_key": "{path} 已有另一份密钥，没有恢复。请先移走它；确定要换成备份中的密钥时，可以加 --force（原来的会改名保留）。",
}
