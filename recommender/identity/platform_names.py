"""Names of innovation platforms, taken apart: subject, type, level and approving authority, owner in front."""

import re
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from typing import Final

from rapidfuzz import fuzz
from rapidfuzz.distance import OSA

from recommender.identity.companies import differs_in_marker
from recommender.identity.persons import looks_like_names
from recommender.identity.regions import places_in, region_of
from recommender.identity.text import compact

_TYPES: Final = re.compile(
    r"(?P<lab>(?:联合)?(?:重点|工程|联合|开放)?实验室)"
    r"|(?P<innovation>技术创新中心)"
    r"|(?P<centre>(?:工程)?(?:技术)?(?:研究|创新|研发)中心|工程(?:技术)?中心|研究与开发中心)"
    r"|(?P<collaborative>(?:2011)?协同创新中心)"
    r"|(?P<enterprise>企业技术中心)"
    r"|(?P<academicians>(?:企业)?(?:院士|专家)(?:科研)?工作站)"
    r"|(?P<postdocs>(?:企业)?博士后(?:科研)?工作站)"
    r"|(?P<graduates>(?:企业)?研究生工作站)"
    r"|(?P<institute>(?:产业(?:技术)?)?研究(?:总)?院|研究所)"
    r"|(?P<testing>(?:质量)?(?:监督)?检(?:验|测)(?:检测)?(?:中心|平台)|公共(?:技术)?服务平台|测试中心)"
    r"|(?P<pilot>中试(?:基地|(?:公共)?(?:服务)?平台))"
    r"|(?P<base>(?:试验|实验|示范|培育)?基地|(?:科学)?观测(?:研究)?站|野外(?:科学)?(?:观测)?(?:研究)?站)"
    r"|(?P<consortium>创新联合体)"
)
_AUTHORITIES: Final[tuple[tuple[str, str], ...]] = (
    ("教育部", "教育部"),
    ("农业农村部|农业部", "农业农村部"),
    ("国家林业和草原局|国家林业局|国家林草局|林业部", "国家林草局"),
    ("自然资源部|国土资源部|国家海洋局|国家测绘地理信息局|国家测绘局", "自然资源部"),
    ("生态环境部|环境保护部|国家环境保护|环保部", "生态环境部"),
    ("国家卫生健康委员会|国家卫健委|国家卫生计生委|国家卫计委|卫生部", "国家卫健委"),
    ("工业和信息化部|工信部|信息产业部", "工信部"),
    ("住房和城乡建设部|住建部|建设部", "住建部"),
    ("交通运输部|交通部|交通运输行业", "交通运输部"),
    ("文化和旅游部|文化部", "文化和旅游部"),
    ("水利部", "水利部"),
    ("公安部", "公安部"),
    ("科技部|科学技术部", "科技部"),
    ("国家民族事务委员会|国家民委", "国家民委"),
    ("国家中医药管理局", "国家中医药管理局"),
    ("中国气象局", "中国气象局"),
    ("中国地震局", "中国地震局"),
    ("国家发展和改革委员会|国家发改委", "国家发改委"),
    ("国家地方联合|国家与地方联合", "国家地方联合"),
)
_AUTHORITY: Final = re.compile("|".join(f"(?P<a{i}>{words})" for i, (words, _) in enumerate(_AUTHORITIES)))
_NATIONAL: Final = re.compile(r"^国家(?:级)?|国家(?:级)?$")
_LEVEL: Final = re.compile(r"(?:省部级|省部共建|部省共建|省级|市级|县级|校级|厅局级|联合|共建)")
_SCHOOLS: Final = re.compile(r"(?:省)?(?:普通)?(?:高等学校|高校)")
_OWNER: Final = re.compile(
    r"^.{2,}?(?:大学|学院|研究院|研究所|科学院|分院|医院|(?:研究|教育)中心|附属精神卫生中心|集团|公司|(?<!实)验站)(?=.{4,})"
)
_GENERIC_CHARS: Final = 2
_CLOSE_CHARS: Final = 6
_NEAR: Final = 88.0


class PlatformRelation(Enum):
    """How two names of platforms relate, closest first."""

    SAME = "same"
    """Subject and type are the same."""
    OWNER = "owner"
    """The same but for an owner, or names of persons, in front of one."""
    CLOSE = "close"
    """One character of the subject differs, or a few in a long one."""
    EXTENDED = "extended"
    """One subject is the end or the beginning of the other, or they are the same under different owners."""
    GENERIC = "generic"
    """The same words, of which hundreds of platforms are called."""
    DIFFERENT = "different"


@dataclass(frozen=True, slots=True)
class PlatformName:
    """A name taken apart.

    Attributes:
        text: compact.
        subject: what it works on, without level, authority, place and type; empty where the name is generic.
        tail: the subject without an owner in front.
        type: group of the type, ``""`` where none is recognised.
        authority: who approved it, or ``国家``; ``""`` where the name does not say.
        places: names of places that the name holds.
    """

    text: str
    subject: str
    tail: str
    type: str
    authority: str
    places: frozenset[str]

    def relation(self, other: "PlatformName") -> PlatformRelation:
        """How this name relates to another; the same either way."""
        if self.type != other.type or differs_in_marker(*sorted((_markers(self), _markers(other)))):
            return PlatformRelation.DIFFERENT
        short, long = sorted((self.subject, other.subject), key=lambda text: (len(text), text))
        if short == long:
            return PlatformRelation.SAME if len(short) > _GENERIC_CHARS else PlatformRelation.GENERIC
        if len(short) <= _GENERIC_CHARS:
            return PlatformRelation.DIFFERENT
        if self.tail == other.tail:
            return PlatformRelation.OWNER if short == self.tail else PlatformRelation.EXTENDED
        if long.endswith(short) and looks_like_names(long.removesuffix(short)):
            return PlatformRelation.OWNER
        close = OSA.distance(short, long, score_cutoff=1) <= 1 and len(long) >= _CLOSE_CHARS
        if close or (len(short) >= 2 * _CLOSE_CHARS and fuzz.ratio(short, long) >= _NEAR):
            return PlatformRelation.CLOSE if not differs_in_marker(short, long) else PlatformRelation.DIFFERENT
        if len(short) >= _SHORTEST_PART and (long.endswith(short) or long.startswith(short)):
            return PlatformRelation.EXTENDED
        return PlatformRelation.DIFFERENT


_SHORTEST_PART: Final = 4
_NUMERAL: Final = re.compile(r"第[一二三四五六七八九十\d]+")


def _markers(name: PlatformName) -> str:
    return "".join(_NUMERAL.findall(name.text))


@lru_cache(maxsize=1 << 15)
def platform_name(name: str) -> PlatformName:
    """Take a name apart.

    >>> parts = platform_name("农业部长江中下游耕地保育重点实验室")
    >>> parts.subject, parts.type, parts.authority
    ('长江中下游耕地保育', 'lab', '农业农村部')
    >>> platform_name("奶牛营养学北京市重点实验室").places
    frozenset({'北京'})
    """
    text = compact(name)
    rest, kind, behind = _without_type(text)
    rest, authority = _without_authority(rest)
    rest = _LEVEL.sub("", _SCHOOLS.sub("", rest))
    tail = rest
    while (shorter := _OWNER.sub("", tail)) != tail:
        tail = shorter
    # A place may stand in front of the owner, or between the owner and the subject.
    places, subject = places_in(rest)
    places_of_tail, tail = places_in(tail)
    places |= places_of_tail
    if region_of(behind).known:
        places |= places_in(behind)[0]
    return PlatformName(text, subject, tail, kind, authority, places)


def _without_type(text: str) -> tuple[str, str, str]:
    """The name before its last type, the group of that type, and what stands behind it."""
    found = list(_TYPES.finditer(text))
    if not found:
        return text, "", ""
    last = found[-1]
    rest = text[: last.start()].removesuffix("重点").removesuffix("工程技术").removesuffix("联合")
    return rest, str(last.lastgroup), text[last.end() :]


def _without_authority(rest: str) -> tuple[str, str]:
    found = _AUTHORITY.search(rest)
    if found is not None:
        index = int(str(found.lastgroup)[1:])
        return rest[: found.start()] + rest[found.end() :], _AUTHORITIES[index][1]
    if _NATIONAL.search(rest):
        return _NATIONAL.sub("", rest), "国家"
    return rest, ""
