"""Names of enterprises, taken apart: region, core, legal form, and which part of the whole it is."""

import re
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from typing import Final

from rapidfuzz import fuzz
from rapidfuzz.distance import OSA, Levenshtein

from recommender.identity.regions import Region, leading_region, region_of
from recommender.identity.text import compact, lettered

MARKERS: Final = frozenset("0123456789零一二三四五六七八九十百千东南西北中上下左右前后内外新老大小甲乙丙丁戊ⅰⅱ")
"""Characters that tell siblings apart: 一厂 is not 二厂, 东 is not 西."""

_FORMS: Final[tuple[tuple[str, str], ...]] = (
    (r"(?:集团)?股份(?:有限责任|有限)?公司", "股份"),
    (r"(?:集团)?有限(?:责任)?公司", "有限"),
    (r"(?:有限|普通|特殊普通)?合伙(?:企业)?", "合伙"),
    (r"(?:集团)?总?公司", "公司"),
    (r"集团", "集团"),
    (r"总?厂", "厂"),
    (r"(?:专业|农民专业|农业专业)?合作社", "合作社"),
)
_FORM: Final = re.compile("|".join(f"(?P<f{i}>{form})$" for i, (form, _) in enumerate(_FORMS)))
_PART: Final = re.compile(
    r"(?P<whole>.{2,}?(?:公司|集团|总厂|合作社))"
    r"(?P<part>.*(?:公司|分?厂|[分支](?:店|行|部|中心)|门店|办事处|代表处|营业[部所厅]|经营部|门市部|项目部|服务[站部]|加油站))$"
)
_PART_OF_WORKS: Final = re.compile(
    r"(?P<whole>.{2,}?)(?P<part>(?:第?[一二三四五六七八九十\d]+)?分(?:公司|厂|店))$"
)
_BRACKETED: Final = re.compile(r"\(([^()]*)\)")
_FORMER: Final = re.compile(r"^(?:原名?|曾用名|前身为?|旧称)[:：]?(.{4,})$")
_TRADE: Final = re.compile(
    r"(?:科技|技术|实业|工业|产业|贸易|商贸|进出口|机械|机电|机床|电子|电气|电器|电力|纺织|服装|服饰|化工|化学|化纤|材料|新材料|制造|设备|装备"
    r"|仪器|工程|建设|建筑|建材|发展|开发|投资|控股|管理|咨询|服务|信息|网络|软件|系统|智能|自动化|环保|环境|能源|新能源|生物|医药|药业|医疗"
    r"|器械|食品|农业|物流|运输|文化|传媒|广告|装饰|精密|五金|塑料|橡塑|模具|金属|制品|钢铁|钢结构|特钢|铸造|锻造|汽车|部件|零部件|配件|半导体"
    r"|光电|集团|国际|股份|企业|研究|中心|电缆|轴承|阀门|包装|印刷|造纸|玻璃|陶瓷|家具|船舶|港口|水泥|染整|毛纺|纱线|织造)+$"
)


class NameRelation(Enum):
    """How two names of enterprises relate, closest first."""

    SAME = "same"
    FORM = "form"
    """Only the legal form differs: 有限公司, 有限责任公司, 股份有限公司."""
    REGION = "region"
    """Only the place in front or in brackets differs, and one place lies in the other."""
    CLOSE = "close"
    """One character of the core differs, and it is none that tells siblings apart."""
    EXTENDED = "extended"
    """One core is the other with a word more."""
    APART = "apart"
    """Siblings: numbers, directions, branches or 集团 differ."""
    DIFFERENT = "different"


@dataclass(frozen=True, slots=True)
class CompanyName:
    """A name taken apart.

    Attributes:
        text: letters and digits only, folded.
        region: where the name says that it is.
        core: brand and trade.
        brand: the core without the words of its trade; short or empty where anybody's name would fit.
        form: legal form, ``""`` where the name gives none.
        part: which branch, ``""`` for the whole.
        is_group: whether it is called 集团.
        former: names that the brackets give as former ones.
    """

    text: str
    region: Region
    core: str
    brand: str
    form: str
    part: str
    is_group: bool
    former: tuple[str, ...] = ()

    def relation(self, other: "CompanyName") -> NameRelation:
        """How this name relates to another; the same either way."""
        if not self.core or not other.core:
            return NameRelation.SAME if self.text == other.text else NameRelation.DIFFERENT
        if self.region.conflicts_with(other.region):
            return NameRelation.DIFFERENT
        if self.core != other.core:
            return self._relation_of_cores(other)
        if (self.part, self.is_group) != (other.part, other.is_group):
            return NameRelation.APART
        if self.text == other.text or (self.region, self.form) == (other.region, other.form):
            return NameRelation.SAME
        return NameRelation.REGION if self.region != other.region else NameRelation.FORM

    def _relation_of_cores(self, other: "CompanyName") -> NameRelation:
        short, long = sorted((self.core, other.core), key=lambda core: (len(core), core))
        if self.brand == other.brand:
            # The words of the trade differ: 恒达机械 is not 恒达机电, but may be 恒达机械制造.
            longer = len(long) > len(short) and fuzz.ratio(short, long) >= _EXTENDED_RATIO
            close = (
                NameRelation.EXTENDED if longer and len(self.brand) >= _BRAND_LENGTH else NameRelation.DIFFERENT
            )
        elif OSA.distance(short, long, score_cutoff=1) <= 1 and len(long) >= _CLOSE_LENGTH:
            close = NameRelation.CLOSE
        else:
            close = NameRelation.DIFFERENT
        if close is NameRelation.DIFFERENT:
            return close
        siblings = differs_in_marker(short, long)
        same_whole = (self.part, self.is_group) == (other.part, other.is_group)
        return close if same_whole and not siblings else NameRelation.APART


_CLOSE_LENGTH: Final = 4
_BRAND_LENGTH: Final = 2
_EXTENDED_RATIO: Final = 70.0


@lru_cache(maxsize=1 << 17)
def company_name(name: str) -> CompanyName:
    """Take a name apart.

    >>> company_name("恒达机械（张家港）有限责任公司") == company_name("恒达机械(张家港)有限公司")
    False
    >>> parts = company_name("张家港市恒达机械有限公司第二分公司")
    >>> parts.region.county, parts.core, parts.brand, parts.form, parts.part
    ('张家港', '恒达机械', '恒达', '有限', '第二分公司')
    """
    plain = lettered(name)
    plain, inner, former = _without_brackets(plain)
    region, rest = leading_region(plain)
    whole, part = _whole_and_part(rest)
    core, form = _core_and_form(whole)
    is_group = form == "集团" or "集团" in whole[len(core) :] or core.endswith("集团") or inner.is_group
    core = core.removesuffix("集团")
    brand = _TRADE.sub("", core)
    if not brand and region.known:
        # Nothing but words of a trade: then the place is part of the name, as in 无锡电缆厂.
        brand = core = plain[: len(plain) - len(rest)] + core
        region = Region()
    region = region.within(inner.region) if inner.region.known else region
    text = compact(name)
    return CompanyName(text, region, core, brand, inner.form or form, part, is_group, former)


@dataclass(frozen=True, slots=True)
class _Inner:
    """What brackets said."""

    region: Region
    form: str
    is_group: bool


def _without_brackets(plain: str) -> tuple[str, _Inner, tuple[str, ...]]:
    """The name without brackets that hold a place, a legal form, 集团 or a former name; others are opened."""
    region, form, is_group, former = Region(), "", False, []

    def read(found: re.Match[str]) -> str:
        nonlocal region, form, is_group
        inside = found[1]
        if (place := region_of(inside)).known:
            region = place.within(region)
            return ""
        if inside == "集团":
            is_group = True
            return ""
        if was := _FORMER.match(inside):
            former.append(was[1])
            return ""
        if _FORM.fullmatch(inside):
            form = "合伙" if "合伙" in inside else ""
            return ""
        return inside

    opened = _BRACKETED.sub(read, plain)
    return opened.replace("(", "").replace(")", ""), _Inner(region, form, is_group), tuple(former)


def _whole_and_part(name: str) -> tuple[str, str]:
    for pattern in (_PART, _PART_OF_WORKS):
        found = pattern.match(name)
        # 沙钢集团|有限公司 is a whole with its legal form, no part of one.
        if found and not _FORM.fullmatch(found["part"]):
            return found["whole"], found["part"]
    return name, ""


def _core_and_form(whole: str) -> tuple[str, str]:
    found = _FORM.search(whole)
    if found is None or found.start() == 0:
        return whole, ""
    index = int(str(found.lastgroup)[1:])
    return whole[: found.start()], _FORMS[index][1]


def differs_in_marker(one: str, other: str) -> bool:
    """Whether the characters in which two texts differ tell siblings apart.

    >>> differs_in_marker("红星一厂", "红星二厂"), differs_in_marker("恒达机械", "恒大机械")
    (True, True)
    >>> differs_in_marker("宏宝五金", "宏保五金")
    False
    """
    changed: set[str] = set()
    for edit in Levenshtein.opcodes(one, other):
        if edit.tag != "equal":
            changed.update(one[edit.src_start : edit.src_end], other[edit.dest_start : edit.dest_end])
    return bool(changed & MARKERS) or any(char.isascii() for char in changed)
