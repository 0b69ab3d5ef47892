"""zh-CN sentences of usage and its mistakes."""

from typing import Final

USAGE: Final[dict[str, str]] = {
    "help": "显示帮助并退出",
    "hint": "用法见 {command} --help。",
    "missing": "缺少必填的 {name}。",
    "no_command": "没有 {name} 这个命令。",
    "no_option": "没有 {name} 这个选项。",
    "bad_value": "{name} 的值不合适，请核对类型与范围。",
    "other": "命令写法不对：{detail}。",
}
