"""Sentences of the errors of feedback."""

from typing import Final

ERRORS: Final[dict[str, str]] = {
    "feedback.bias": "位置偏差的参数 eta={eta}、clip={clip} 超出范围。请让 eta 在 0 到 {max_eta}，clip 在 1 到 {max_clip}。",
    "feedback.folder_taken": "{folder} 已有内容。请换一个新的文件夹，或加 --force 覆盖。",
    "judging.no_pool": "没有编号为“{pool}”的评判池。请用 matchmaker judging progress 查看现有的评判池。",
    "judging.no_item": "评判池 {pool} 里没有第 {number} 项，或它已移出资源库。请取下一项继续。",
    "judging.closed": "评判池 {pool} 已经结束，不再接受评判。请换一个评判池，或新建一个。",
    "judging.grade": "没有等级 {grade}。请填 0 到 3；不想评判时可以跳过。",
    "judging.range": "{name}={value} 超出范围。请填 {low} 到 {high}。",
    "judging.title": "评判池没有名称。请写一个名称，例如“第一轮”。",
    "judging.systems": "没有选择任何系统。可选：{known}。",
    "judging.kinds": "评判的对象不对。可选：{known}。",
}
