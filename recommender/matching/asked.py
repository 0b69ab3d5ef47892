"""What a description asks for, apart from what it tells of who asks.

Calls for needs hand out forms, and what is filled in keeps their headings: 现有工作基础：…需求内容：…预期目标：….
Many begin with the enterprise, its staff and its plant. Read from the front, such a need looks like all others of
its trade, so what was asked for is read first and the words of the rest count less.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from typing import Final


class _Part(Enum):
    """What a heading announces."""

    ASKED = "asked"
    AIM = "aim"
    BACKGROUND = "background"


_HEADINGS: Final = {
    _Part.ASKED: (
        "需求|需求内容|需求描述|主要需求内容|技术需求|技术需求描述|征集需求|需求内容及预期目标|"
        "研究内容|主要研究内容|项目内容|主要内容|内容及目标|内容及预期目标|技术研发的内容|"
        "问题|存在问题|存在的问题|主要问题|难题|技术难题|技术难点|拟解决的难题|拟解决的问题|"
        "需要解决的问题|需要解决的关键技术问题|关键技术|关键技术问题"
    ),
    _Part.AIM: (
        "目标|预期目标|阶段目标|研究目标|项目目标|项目实施目标|技术研发的目标|达到目标|预期效果|"
        "指标|指标要求|技术指标|主要技术指标|主要考核指标|考核指标|技术参数"
    ),
    _Part.BACKGROUND: (
        "现状|背景|项目背景|技术背景|行业背景|国内外现状|国内外发展现状|国内外研究现状|"
        "基础|工作基础|现有基础|现有工作基础|现有工作内容|研究基础|前期基础|已开展的工作|已有的解决方案|"
        "公司简介|企业简介|单位简介|公司概况|企业概况|科研团队|研发团队|现有专利|合作单位|合作方式|"
        "项目资金|已投入资金|投入资金|拟投入资金|预算|经费预算|研发费用|知识产权归属|联系方式"
    ),
}
_BLANK_LINE: Final = re.compile(r"\n[^\S\n]*\n")
_STOPS: Final = "。；;，,、"
_PART_OF: Final = {heading: part for part, headings in _HEADINGS.items() for heading in headings.split("|")}
_LONGEST_FIRST: Final = "|".join(sorted(_PART_OF, key=len, reverse=True))
_HEADING: Final = re.compile(
    r"(?:^|(?<=[\s。；;，,）)]))"
    r"(?:[（(]?[0-9一二三四五六七八九十]{1,2}[）)、.．]\s*)?"
    rf"(?:(?P<plain>{_LONGEST_FIRST})\s*[：:]|[【\[（(](?P<boxed>{_LONGEST_FIRST})[】\]）)][：:]?)"
)


@dataclass(frozen=True, slots=True)
class Asked:
    """A description in two parts.

    Attributes:
        wanted: what is asked for, then what it should achieve; never empty where the description is not.
        background: what it tells besides.
    """

    wanted: str
    background: str = ""

    @property
    def in_order(self) -> str:
        """Both, what is wanted first."""
        return _joined([self.wanted, self.background])


def asked(text: str) -> Asked:
    """Take a description apart at its headings; one without any, or with nothing but background, is all wanted.

    A blank line ends what a heading announced: the parts of a stored need, which follow one another so, do not
    become background because the first ends with some.
    """
    if not _HEADING.search(text):
        return Asked(text)
    found = [section for block in _BLANK_LINE.split(text) for section in _sections(block)]
    wanted = [body for part in (_Part.ASKED, _Part.AIM) for body in _of(part, found)]
    return Asked(_joined(wanted), _joined(_of(_Part.BACKGROUND, found))) if wanted else Asked(text)


def _sections(block: str) -> list[tuple[_Part, str]]:
    headings = list(_HEADING.finditer(block))
    ends = [*(heading.start() for heading in headings), len(block)]
    return [(_Part.ASKED, block[: ends[0]])] + [
        (_PART_OF[heading["plain"] or heading["boxed"]], block[heading.end() : end])
        for heading, end in zip(headings, ends[1:], strict=True)
    ]


def _of(part: _Part, found: Iterable[tuple[_Part, str]]) -> list[str]:
    return [body for its_part, text in found if its_part is part and (body := text.strip().rstrip(_STOPS))]


def _joined(bodies: Iterable[str]) -> str:
    """One text; a stop keeps the end of one and the beginning of the next from making a word."""
    return "。".join(filter(None, bodies))
