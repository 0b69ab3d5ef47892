"""Names of persons: what is typed differently, and what is not shown in full."""

import re
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from typing import Final

from rapidfuzz.distance import OSA

from recommender.domain.masking import COMPOUND_SURNAMES
from recommender.identity.text import compact, folded

_SURNAMES: Final = frozenset(
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任"
    "姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文庞樊兰殷施陶洪翟安颜倪严牛温芦季俞章鲁葛"
    "伍韦申尤毕聂丛焦向柳邢路岳齐梅莫庄辛管祝左涂谷祁时舒耿牟卜路詹关苗凌费纪靳盛童欧甄项曲成游阳裴席卫查屈鲍位覃霍翁隋植甘景薄"
    "单包司柏宁柯阮桂闵解强柴华车冉房边辜吉饶刁瞿戚丘古米池滕晋苑邬臧畅宫来嵺苟全褚廉简娄盖符奚木穆党燕郎邸冀谈姬屠连郜晏栾郁商"
    "蒙计喻揭窦迟宇敖糜鄢冷卓花仇艾蓝都巩稽井练仲乐虞卞封竺冼原官衣楚佟栗匡宗应台巫鞠僧桑荆谌银扬明沙薄伏岑习胥保和蔺"
)
_TITLE: Final = re.compile(
    r"(?:教授级高工|副教授|副研究员|助理研究员|高级工程师|工程师|教授|研究员|讲师|博士后|博士|院士|高工|主任|医师|老师|先生|女士)+$"
)
_NOTE: Final = re.compile(r"\([^()]*\)")
_HIDDEN: Final = re.compile(r"[*＊某○◯〇x×]")
_VISIBLE_CODE: Final = re.compile(r"某[0-9a-f]{3,}$")
_LATIN: Final = re.compile(r"[a-z]+")
_CJK: Final = re.compile(r"[\u3400-\u9fff]")


class NameAgreement(Enum):
    """How far two names agree."""

    SAME = "same"
    HIDDEN = "hidden"
    """The surname is the same, and the given name of at least one is not shown."""
    SIMILAR = "similar"
    """One character differs, as a slip of the pen would."""
    DIFFERENT = "different"


@dataclass(frozen=True, slots=True)
class PersonName:
    """A name as it is compared.

    Attributes:
        text: without blanks, titles and notes; Latin names with their parts in order.
        surname: ``""`` for Latin names.
        hidden: whether the given name is not shown, as in 张某, 张** or 张老师.
    """

    text: str
    surname: str
    hidden: bool

    def agreement(self, other: "PersonName") -> NameAgreement:
        """How far this name and another agree; the same either way."""
        if self.text and self.text == other.text:
            coded = _VISIBLE_CODE.search(self.text) is not None
            return NameAgreement.HIDDEN if self.hidden and not coded else NameAgreement.SAME
        if not self.surname or self.surname != other.surname:
            return NameAgreement.DIFFERENT
        if self.hidden or other.hidden:
            return NameAgreement.HIDDEN
        alike = OSA.distance(self.text, other.text, score_cutoff=1) <= 1
        return NameAgreement.SIMILAR if alike else NameAgreement.DIFFERENT


@lru_cache(maxsize=1 << 17)
def person_name(name: str) -> PersonName:
    """Read a name.

    >>> person_name("張 偉（女）教授")
    PersonName(text='张伟', surname='张', hidden=False)
    >>> person_name("张**").hidden
    True
    >>> person_name("Wei ZHANG") == person_name("Zhang, Wei")
    True
    """
    plain = _NOTE.sub("", folded(name))
    if not _CJK.search(plain):
        return PersonName(" ".join(sorted(_LATIN.findall(plain))), "", hidden=False)
    plain = _TITLE.sub("", re.sub(r"[\s·•．.,，、]+", "", plain))
    surname = plain[:2] if plain[:2] in COMPOUND_SURNAMES else plain[:1]
    hidden = bool(_HIDDEN.search(plain[len(surname) :])) or plain == surname
    text = plain if hidden else compact(plain)
    return PersonName(text, surname, hidden)


def looks_like_names(text: str) -> bool:
    """Whether a folded text may be names of persons one after the other: 2 or more characters, a surname first.

    >>> looks_like_names("王敬东"), looks_like_names("新疆")
    (True, False)
    """
    return len(text) >= 2 and (text[0] in _SURNAMES or text[:2] in COMPOUND_SURNAMES)  # noqa: PLR2004
