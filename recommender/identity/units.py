"""Where experts work and who hosts platforms: names of institutions, and which of them are one."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from typing import Final

from rapidfuzz import fuzz

from recommender.identity.companies import company_name
from recommender.identity.persons import looks_like_names
from recommender.identity.regions import leading_region
from recommender.identity.text import compact, folded, lettered

_ABBREVIATIONS: Final[dict[str, str]] = {
    "中科院": "中国科学院",
    "中国农科院": "中国农业科学院",
    "农科院": "中国农业科学院",
    "社科院": "中国社会科学院",
    "中国社科院": "中国社会科学院",
    "工程院": "中国工程院",
    "中国科大": "中国科学技术大学",
    "中科大": "中国科学技术大学",
    "国科大": "中国科学院大学",
    "国防科大": "国防科技大学",
    "北大": "北京大学",
    "清华": "清华大学",
    "人大": "中国人民大学",
    "北师大": "北京师范大学",
    "北航": "北京航空航天大学",
    "北理工": "北京理工大学",
    "北科大": "北京科技大学",
    "北邮": "北京邮电大学",
    "复旦": "复旦大学",
    "上海交大": "上海交通大学",
    "上交大": "上海交通大学",
    "西安交大": "西安交通大学",
    "西交大": "西安交通大学",
    "同济": "同济大学",
    "华东师大": "华东师范大学",
    "华东理工": "华东理工大学",
    "华南理工": "华南理工大学",
    "浙大": "浙江大学",
    "苏大": "苏州大学",
    "南航": "南京航空航天大学",
    "南理工": "南京理工大学",
    "南农": "南京农业大学",
    "江大": "江苏大学",
    "江苏科大": "江苏科技大学",
    "华中科大": "华中科技大学",
    "华科": "华中科技大学",
    "武大": "武汉大学",
    "武汉理工": "武汉理工大学",
    "中南": "中南大学",
    "哈工大": "哈尔滨工业大学",
    "哈工程": "哈尔滨工程大学",
    "西工大": "西北工业大学",
    "西电": "西安电子科技大学",
    "电子科大": "电子科技大学",
    "成电": "电子科技大学",
    "大连理工": "大连理工大学",
    "中国石油大学": "中国石油大学",
    "矿大": "中国矿业大学",
    "中国矿大": "中国矿业大学",
    "解放军总医院": "中国人民解放军总医院",
}
"""Short names that mean one institution where a name begins with them."""

_LONG_ENDS: Final[dict[str, str]] = {
    "农科院": "农业科学院",
    "社科院": "社会科学院",
    "林科院": "林业科学研究院",
    "中医大": "中医药大学",
    "师大": "师范大学",
    "农大": "农业大学",
    "科大": "科技大学",
    "医大": "医科大学",
    "交大": "交通大学",
    "理工大": "理工大学",
}
_SHORT_ENDS: Final = re.compile(rf"(?<=[\u3400-\u9fff])({'|'.join(_LONG_ENDS)})(?=$|附属|.*学院)")

_SEVERAL: Final = re.compile(r"[；;、|/\n]+")
_KINDS: Final = (
    "科学院大学|大学|学院|科学院|工程院|研究总院|研究院|研究所|设计院|医院|集团公司|集团|公司|学校|党校|干校|中心|总局|局|厅|总站|站|委员会|天文台|博物馆|图书馆"
    "|实验室|总厂|厂|所|院|馆|台|部"
)
_HEAD: Final = re.compile(rf".*?(?:{_KINDS})")
_COMPANY: Final = re.compile(r".*(?:公司|集团|厂)(?:\(.*\))?$")
_COMMON: Final = re.compile(
    rf"(?:{_KINDS}|省立|市立|省|市|县|区|第[一二三四五六七八九十]+|[一二三四五六七八九十]+|人民|中心|中医药?|中西医|医学|医科|医药|药科|师范|农业|农林|林业|工业|工程"
    r"|科技|科学技术|科学|技术|理工|电子|交通|航空|航天|海洋|水产|财经|经济|贸易|商业|工商|外国语|政法|民族|体育|艺术|音乐|美术|传媒|石油|矿业|地质|邮电"
    r"|电力|水利|建筑|轻工|纺织|化工|职业|高等|专科|应用|综合|儿童|妇幼|保健|肿瘤|口腔|附属|总|分|测绘|信息|气象|环境|社会|管理|服务|研究|发展|推广|与|和|及)+"
)
_DEBRIS: Final = re.compile(r"^[0-9丨)]+|^.*(?:课题组|项目组|作者单位|通讯作者|工作单位)(?=.{4,})")
_ADMINISTRATION: Final = re.compile(r"[\u3400-\u9fff]{2,3}?(?:省|市|(?:壮族|回族|维吾尔)?自治区)")
_MIN_CHARS: Final = 4


class UnitRelation(Enum):
    """How two units relate."""

    SAME = "same"
    """One institution and, where both say it, one department."""
    PART = "part"
    """One institution; at least one does not say which department."""
    SIBLING = "sibling"
    """One institution, other departments."""
    ABBREVIATED = "abbreviated"
    """One may be short for the other, and for others as well."""
    DIFFERENT = "different"
    UNKNOWN = "unknown"
    """At least one says nothing."""


@dataclass(frozen=True, slots=True)
class Unit:
    """An institution and the department in it, compact; ``""`` where no department is named."""

    institution: str
    department: str = ""


def is_common(name: str) -> bool:
    """Whether a compact name fits many institutions: 人民医院, 农业大学.

    >>> is_common("第一人民医院"), is_common("昆明医科大学")
    (True, False)
    """
    return _COMMON.fullmatch(name) is not None


@lru_cache(maxsize=1 << 16)
def read_units(text: str) -> tuple[Unit, ...]:
    """The units a field names, first one first.

    >>> read_units("云南省昆明市昆明医科大学第一附属医院；陈颖(广东工业大学")
    (Unit(institution='昆明医科大学', department='第一附属医院'), Unit(institution='广东工业大学', department=''))
    """
    units = (_unit(part) for part in _SEVERAL.split(folded(text)))
    return tuple(dict.fromkeys(unit for unit in units if unit is not None))


def _unit(text: str) -> Unit | None:
    plain = _without_debris(text)
    if not plain:
        return None
    if _COMPANY.match(plain):
        name = company_name(plain)
        return (
            Unit(name.core + ("集团" if name.is_group else ""), name.part) if name.core else Unit(compact(plain))
        )
    whole = _without_place(_in_full(compact(plain)))
    found = _HEAD.match(whole)
    if found is None:
        return Unit(whole)
    rest = whole[found.end() :]
    return _campus_or_department(found[0], rest) if rest else Unit(found[0])


def _in_full(whole: str) -> str:
    for short, full in _ABBREVIATIONS.items():
        if whole.startswith(short) and not whole.startswith(full):
            return full + whole.removeprefix(short)
    return _SHORT_ENDS.sub(lambda found: _LONG_ENDS[found[1]], whole, count=1)


def _campus_or_department(institution: str, rest: str) -> Unit:
    """What follows an institution is its campus, which is part of its name, or a department.

    Universities such as 中国石油大学（北京） and （华东） share a name but nothing else.
    """
    place, behind = leading_region(rest)
    if (place.known and not behind) or rest in {"华东", "武汉", "威海校区"}:
        return Unit(institution + rest)
    return Unit(institution, rest)


def _without_debris(text: str) -> str:
    """What follows an unclosed bracket, else everything: papers' bylines leave names of persons in front."""
    if text.count("(") > text.count(")"):
        text = text.rpartition("(")[2]
    return _DEBRIS.sub("", lettered(text))


def _without_place(name: str) -> str:
    """The name without 云南省昆明市 in front, unless the place tells it from others: 江苏省农业科学院."""
    while (found := _ADMINISTRATION.match(name)) is not None:
        rest = name[found.end() :]
        if (
            len(rest) < _MIN_CHARS
            or rest.startswith("立")
            or is_common(rest)
            or not leading_region(found[0])[0].known
        ):
            break
        name = rest
    return name


class UnitRegister:
    """Knows how often each institution occurs, and which spellings are one.

    Args:
        texts: the unit fields of a whole library.
        former: former name of an institution to its present one, both compact.
    """

    def __init__(self, texts: Iterable[str], former: Mapping[str, str] | None = None) -> None:
        self._counts = Counter(unit.institution for text in texts for unit in read_units(text))
        self._canonical = {
            name: better for name in self._counts if (better := self._better(name)) is not None
        } | dict(former or {})
        self._sizes: Counter[str] = Counter()
        for name, count in self._counts.items():
            self._sizes[self._canonical.get(name, name)] += count

    def units(self, text: str) -> tuple[Unit, ...]:
        """The units of a field under the spelling that the library knows best."""
        return tuple(
            dict.fromkeys(
                Unit(self._canonical.get(unit.institution, unit.institution), unit.department)
                for unit in read_units(text)
            )
        )

    def size(self, institution: str) -> int:
        """How many records of the library name it; at least 1."""
        return max(1, self._sizes[institution])

    def _better(self, name: str) -> str | None:
        """An institution at least as frequent that the name ends with, where names of persons stand in front."""
        if not looks_like_names(name):
            return None
        for start in range(2, len(name) - _MIN_CHARS + 1):
            rest = name[start:]
            if self._counts.get(rest, 0) >= self._counts[name] and not is_common(rest):
                return rest
        return None


def relation(mine: tuple[Unit, ...], theirs: tuple[Unit, ...]) -> UnitRelation:
    """The closest relation between any two units of both lists; the same either way."""
    if not mine or not theirs:
        return UnitRelation.UNKNOWN
    found = {_relation(one, other) for one in mine for other in theirs}
    return next(kind for kind in UnitRelation if kind in found)


def _relation(one: Unit, other: Unit) -> UnitRelation:
    if one.institution == other.institution:
        if not one.department or not other.department:
            return UnitRelation.SAME if one.department == other.department else UnitRelation.PART
        return UnitRelation.SAME if alike(one.department, other.department) else UnitRelation.SIBLING
    short, long = sorted((one.institution, other.institution), key=len)
    return UnitRelation.ABBREVIATED if _may_be_short_for(short, long) else UnitRelation.DIFFERENT


def alike(one: str, other: str) -> bool:
    """Whether two compact names of departments are one: equal, one within the other, or nearly equal."""
    return one in other or other in one or fuzz.ratio(one, other) >= _ALIKE_RATIO


_ALIKE_RATIO: Final = 75.0
_SHORTEST: Final = 2


def _may_be_short_for(short: str, long: str) -> bool:
    """Whether the short one keeps the first character and some others in order, as abbreviations do."""
    if not _SHORTEST <= len(short) <= len(long) // 2 + 1 or short[0] != long[0]:
        return False
    rest = iter(long)
    return all(char in rest for char in short)
