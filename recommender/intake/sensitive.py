"""What in a text tells who an enterprise is, or more than it wants known: names, contacts, amounts, models."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from recommender.domain.match import Span


class Sensitive(StrEnum):
    """A kind of thing that a public summary leaves out."""

    NAME = "单位名称"
    PERSON = "人名"
    PHONE = "电话"
    EMAIL = "邮箱"
    ADDRESS = "地址或网址"
    CODE = "信用代码或编号"
    AMOUNT = "金额"
    MODEL = "型号"


CONTACTS: Final = frozenset({Sensitive.PHONE, Sensitive.EMAIL, Sensitive.PERSON})
"""Left out of every text that is public, whatever its 密级."""

_ORGANISATION_ENDS: Final = (
    "有限责任公司|股份有限公司|有限公司|集团公司|分公司|集团|公司"
    "|研究院|研究所|设计院|大学|学院|医院|合作社|工厂|中心"
)
_TITLES: Final = "教授|院士|博士|研究员|工程师|总工|经理|主任|老师|先生|女士|董事长|总经理"
_DIGITS: Final = r"[0-9][0-9,.]{0,14}"
_MONEY: Final = rf"(?<![0-9,.]){_DIGITS}\s?[余多]?\s?(?:[-~～至到]\s?{_DIGITS}\s?)?[十百千]?"
_SURNAMES: Final = (
    "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏窦章苏潘葛范彭郎鲁韦马苗方"
    "俞任袁柳鲍史唐费薛雷贺倪汤滕殷罗毕郝邬安常乐于时傅皮卞齐康伍余元顾孟黄穆萧尹姚邵湛汪祁毛狄米贝明臧计"
    "伏成戴宋庞熊纪舒屈项祝董梁杜阮蓝闵席季贾路娄江童颜郭梅盛林刁钟徐邱骆高夏蔡田樊胡凌霍虞万支柯管卢莫经"
    "房解应宗丁宣邓洪包左石崔吉龚程邢裴陆荣翁段侯宁仇甘厉武符刘景詹龙叶司黎白蒲赖卓蔺乔闻党翟谭劳冉雍桑桂"
    "牛寿边尚农温庄晏柴瞿阎连习艾容向古易廖耿满匡国文寇广东欧沃利蔚越隆师巩聂晁冷辛阚那简饶曾沙丰关查游竺"
    "权盖益"
)
_PATTERNS: Final = (
    (
        Sensitive.EMAIL,
        r"(?<![A-Za-z0-9._%+-])[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,5}",
    ),
    (Sensitive.ADDRESS, r"(?:https?://|www\.)[^\s，。；、）)]{1,200}"),
    (Sensitive.ADDRESS, r"[\u4e00-\u9fff]{2,10}(?:路|街|大道|巷)[0-9]{1,5}\s?号"),
    (Sensitive.PHONE, r"(?<![0-9])(?:\+?86[- ]?)?1[3-9][0-9](?:[ -]?[0-9]{4}){2}(?![0-9])"),
    (Sensitive.PHONE, r"(?<![0-9])0[0-9]{2,3}[- ]?[0-9]{7,8}(?:-[0-9]{1,6})?(?![0-9])"),
    (Sensitive.PHONE, r"(?:微信|QQ|qq)\s?号?\s?[:：]?\s?[A-Za-z0-9_-]{5,20}"),
    (Sensitive.CODE, r"(?<![0-9A-Z])[0-9A-HJ-NPQRTUWXY]{2}[0-9]{6}[0-9A-HJ-NPQRTUWXY]{10}(?![0-9A-Z])"),
    (Sensitive.CODE, r"(?:ZL|CN)?\s?20[0-9]{10}(?:\.[0-9Xx])?|(?<=编号)[:：]?\s?[A-Za-z0-9-]{6,40}"),
    (Sensitive.AMOUNT, rf"{_MONEY}[万亿]?[余多]?\s?(?:元|美元|欧元|人民币)"),
    (
        Sensitive.AMOUNT,
        r"(?:投入|投资|经费|资金|预算|费用?|产值|利税|利润|税收|销售额|销售收入|注册资本)[^，。；;\n0-9]{0,8}"
        rf"{_MONEY}[万亿]元?",
    ),
    (Sensitive.NAME, rf"[\u4e00-\u9fffA-Za-z（）()·]{{2,24}}?(?:{_ORGANISATION_ENDS})(?!化|质)"),
    (Sensitive.PERSON, rf"[{_SURNAMES}][\u4e00-\u9fff]{{1,2}}(?=(?:{_TITLES}))"),
    (Sensitive.PERSON, rf"(?:联系人|负责人|联络人|技术负责)\s?[:：]?\s?[{_SURNAMES}][\u4e00-\u9fff]{{1,2}}"),
    (
        Sensitive.MODEL,
        r"(?<![A-Za-z0-9])(?=[A-Za-z]{0,7}[A-Z])[A-Za-z]{1,8}-?[0-9]{2,12}[A-Za-z0-9-]{0,20}(?![A-Za-z0-9])"
        r"|型号\s?[:：]?\s?[A-Za-z0-9-]{2,40}",
    ),
)
_COMPILED: Final = tuple((kind, re.compile(pattern)) for kind, pattern in _PATTERNS)
_OWN: Final = re.compile(
    r"^(?:我|本|贵|该|各|其他|一家|某|相关|子|母|分|上市|科技|外资|国内外|国外|国内)+(?:公司|集团|企业|单位|中心)$"
)
_NOT_OWN_NAME: Final = re.compile(r".{0,2}(?:研发|技术|数据|试验|检测|加工|质量|控制|生产|运营|监测)?中心")
_LEAD: Final = re.compile(
    r"^(?:.*?(?:与|和|由|在|是|向|为|及|对|被|经|给|从|到|使|同|于|的|跟|委托|联合|依托|我们))(?=[\u4e00-\u9fff]{4,})"
)
_KNOWN_MATERIALS: Final = re.compile(r"^(?:PM|CO|SO|NO|pH|H|C|N|P|R|Q|T|AZ|GB|ISO|IP|ERW|GCr)[0-9]", re.ASCII)
"""Names of substances, grades and standards that everybody uses."""


@dataclass(frozen=True, slots=True)
class SensitiveSpan:
    """One such thing, where it stands."""

    kind: Sensitive
    span: Span
    text: str


def sensitive_spans(text: str, *, names: Sequence[str] = ()) -> tuple[SensitiveSpan, ...]:
    """What a public summary leaves out, in order, apart.

    Args:
        text: any text.
        names: of the enterprise, its former names and its people, as the library has them.
    """
    found = sorted(_found(text, names), key=lambda item: (item.span.start, -item.span.end))
    apart: list[SensitiveSpan] = []
    for item in found:
        if not apart or item.span.start >= apart[-1].span.end:
            apart.append(item)
    return tuple(apart)


def _found(text: str, names: Sequence[str]) -> Iterator[SensitiveSpan]:
    for name in names:
        for found in re.finditer(re.escape(name), text) if len(name) > 1 else ():
            yield SensitiveSpan(Sensitive.NAME, Span(*found.span()), found[0])
    for kind, pattern in _COMPILED:
        for found in pattern.finditer(text):
            item = _checked(kind, found)
            if item is not None:
                yield item


def _checked(kind: Sensitive, found: re.Match[str]) -> SensitiveSpan | None:
    start, end = found.span()
    if kind is Sensitive.NAME:
        lead = _LEAD.match(found[0])
        start += lead.end() if lead else 0
        name = found.string[start:end]
        if _OWN.match(name) or _NOT_OWN_NAME.fullmatch(name) or len(name) < 4:  # noqa: PLR2004 - as 大学 alone
            return None
    if kind is Sensitive.MODEL and _KNOWN_MATERIALS.match(found[0]):
        return None
    return SensitiveSpan(kind, Span(start, end), found.string[start:end])
