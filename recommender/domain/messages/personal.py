"""Sentences of the errors of personal."""

from typing import Final

ERRORS: Final[dict[str, str]] = {
    "personal.key_missing": "没有找到联系方式的密钥文件 {place}，无法读写联系方式，其他内容不受影响。"
    "请把原来的密钥文件放回原处；新的资源库请运行 matchmaker init 生成。",
    "personal.key_unreadable": "密钥文件 {place} 无法读取或内容不完整。请核对权限，或用备份恢复该文件。",
    "personal.key_exists": "密钥文件 {place} 已经存在，没有改动。请用 matchmaker keys rotate 更换密钥。",
    "personal.key_not_writable": "无法写入密钥文件 {place}。请确认当前用户可以写入它所在的文件夹。",
}
