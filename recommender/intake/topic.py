"""What a need is about, in a few words: the noun of its title."""

import re
from typing import Final

from recommender.domain.entities import Need

_MAX_CHARS: Final = 22
_LEAD: Final = re.compile(
    r"^(?:\s|如何|怎样|怎么|面向|提高|提升|关于|针对|有关|对于|一种|新型|寻求|求购|征集|急需|需要|需求|解决|开展|研究|研发|开发|的|项目名称|技术需求|[:：\"“《【(（])+"
)
_TAIL: Final = re.compile(
    r"(?:的|及其|以及|及|与|和|等|技术|工艺|研究|研发|研制|试制|开发|应用|项目|需求|难题|难点|问题|方案|关键|核心|产业化|攻关|合作|推广|示范"
    r"|升级|改造|优化|提升|设计|制造|制备|生产|系统|装置|设备|方法|成套|新型|解决|内容|创新|建设|模式|管理|机制|策略|为什么|中的?(?=的)|[\s)）\"”》】。,，、:：])+$"
)
_SPLIT: Final = re.compile(r"[，,。；;:：、\n（(—–]| - ")
FALLBACK: Final = "这项技术"


def topic_of(need: Need) -> str:
    """The object of a need; of a title that says nothing, the beginning of its text, else 这项技术.

    >>> topic_of(Need(id="", title="精密件冷挤压成型技术的研发与应用"))
    '精密件冷挤压成型'
    """
    for text in (need.title, need.description[:60], need.difficulties[:60]):
        found = _topic(text)
        if found:
            return found
    return FALLBACK


def _topic(text: str) -> str:
    body = _LEAD.sub("", text.strip())
    body = _SPLIT.split(body, maxsplit=1)[0].strip() or body
    shorter = _TAIL.sub("", body)
    found = shorter if len(shorter) > 1 else ""
    return found if len(found) <= _MAX_CHARS else found[:_MAX_CHARS] + "…"
