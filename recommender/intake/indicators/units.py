"""Units of measurement: how they are written, and the one symbol for each where that is safe."""

import re
from typing import Final

_SPELLINGS: Final = """
km: km 千米 公里
m: m 米
dm: dm 分米
cm: cm 厘米 公分
mm: mm 毫米 ㎜ MM
μm: μm um 微米 μ
nm: nm 纳米
m²: m² m2 ㎡ 平方米 平米 m^2
cm²: cm² cm2 ㎠ 平方厘米
mm²: mm² mm2 平方毫米
km²: km² km2 平方公里 平方千米
m³: m³ m3 ㎥ 立方米 m^3
Nm³: Nm³ Nm3 标方 标立方米
cm³: cm³ cm3 ㎤ 立方厘米
mm³: mm³ mm3
L: L 升 l
mL: mL ml 毫升
t: t 吨
kg: kg KG Kg 千克 公斤 ㎏
g: g 克
mg: mg 毫克 ㎎
μg: μg ug 微克
ng: ng 纳克
s: s 秒 秒钟
ms: ms 毫秒
μs: μs us 微秒
min: min 分钟 MIN
h: h 小时 hr 个小时
天: 天
d: d
周: 周
月: 月 个月
年: 年
℃: ℃ °C °c 摄氏度 度C oC
K: K 开尔文
°: °
度: 度
Pa: Pa PA 帕
hPa: hPa 百帕
kPa: kPa KPa Kpa kpa KPA 千帕
MPa: MPa Mpa mpa MPA 兆帕
GPa: GPa Gpa 吉帕
bar: bar Bar
mbar: mbar
N: N 牛 牛顿
kN: kN KN 千牛
N·m: N·m N.m Nm 牛米 牛·米 N*m
J: J 焦耳 焦
kJ: kJ KJ 千焦
MJ: MJ 兆焦
W: W 瓦 瓦特 w
kW: kW KW Kw kw 千瓦
MW: MW 兆瓦
kW·h: kW·h kWh KWh KWH kwh kW.h 千瓦时 度电
MWh: MWh 兆瓦时
Wh: Wh wh 瓦时 W·h
V: V 伏 伏特 v
kV: kV KV kv 千伏
mV: mV mv 毫伏
A: A 安培 安
mA: mA ma 毫安
μA: μA uA 微安
Ah: Ah 安时 A·h
mAh: mAh 毫安时
kVA: kVA KVA
Ω: Ω 欧姆 欧
kΩ: kΩ KΩ 千欧
MΩ: MΩ 兆欧
F: F 法拉
μF: μF uF 微法
pF: pF
T: T 特斯拉
Hz: Hz HZ hz 赫兹 赫
kHz: kHz KHz KHZ 千赫
MHz: MHz MHZ 兆赫
GHz: GHz 吉赫
THz: THz
r/min: r/min rpm RPM 转/分 转/分钟 转每分钟 r/分 转/min
转: 转
r: r
dB: dB db DB Db 分贝 dB(A) dBA
dBm: dBm
lx: lx lux 勒克斯
lm: lm 流明
cd: cd 坎德拉
mol: mol 摩尔
mmol: mmol 毫摩尔
Da: Da 道尔顿
kDa: kDa
Pa·s: Pa·s Pa.s
mPa·s: mPa·s mPa.s mpa.s 厘泊 cP
mm²/s: cSt 厘斯
%: % 百分比 个百分点 百分点 %RH %rh
wt%: wt% wt.% %(质量分数) 质量%
vol%: vol% Vol% %(体积分数)
mol%: mol%
at%: at%
‰: ‰
ppm: ppm PPM
ppb: ppb PPB
HRC: HRC
HB: HB HBW
HV: HV
HRB: HRB
HRA: HRA
HS: HS
目: 目
倍: 倍
级: 级
次: 次
周次: 周次
层: 层
帧: 帧 fps FPS
像素: 像素
bit: bit
bps: bps
kbps: kbps Kbps
Mbps: Mbps Mb/s
Gbps: Gbps
KB: KB
MB: MB
GB: GB
TB: TB
dpi: dpi
亩: 亩
公顷: 公顷 hm²
cfu: cfu CFU
IU: IU
C: C
个: 个
台: 台
套: 套
件: 件
条: 条
只: 只
片: 片
块: 块
根: 根
辆: 辆
颗: 颗
株: 株
支: 支
瓶: 瓶
盒: 盒
袋: 袋
桶: 桶
罐: 罐
箱: 箱
包: 包
卷: 卷
张: 张
粒: 粒
头: 头
羽: 羽
对: 对
孔: 孔
点: 点
路: 路
通道: 通道
"""
_SYMBOLS: Final = {
    spelling: symbol
    for line in _SPELLINGS.strip().splitlines()
    for symbol, _, spellings in [line.partition(": ")]
    for spelling in spellings.split()
} | {"° C": "℃"}
_PER: Final = {
    "分": "min",
    "日": "d",
    "时": "h",
    "H": "h",
    "S": "s",
    "年": "a",
    "人": "人",
    "批": "批",
    "炉": "炉",
}
"""What stands behind a stroke only: alone it is a word of everyday language, or the end of another."""

_COUNTED: Final = """
个 台 套 件 条 只 片 块 根 辆 颗 株 支 瓶 盒 袋 桶 罐 箱 包 卷 张 粒 头 羽 对 孔 点 路 通道 层 级 次 倍 转
周 年 月 天
"""
COUNTED: Final = frozenset(_COUNTED.split())
"""Units that follow any number in any sentence: they tell an indicator only beside its name and comparison."""

_LATIN: Final = re.compile(r"[A-Za-zμΩ]")
_NOT_BEFORE: Final = {
    "安": "全装排",
    "瓦": "斯楞",
    "欧": "洲盟美",
    "牛": "奶肉羊粪",
    "焦": "化炭炉油点",
    "克": "服隆",
    "升": "级高温降至到",
    "度": "假过",
    "米": "粉饭",
    "帕": "金",
    "级": "别联",
    "点": "火焊云评检",
    "次": "品级数要",
    "天": "然线车",
    "层": "次面",
    "周": "期边转围",
    "路": "面基由",
    "片": "区",
    "条": "件款例",
    "头": "部",
    "对": "于比称应",
    "包": "括含装",
    "卷": "取材",
    "张": "力紧",
    "粒": "径度子",
    "孔": "径隙洞",
    "桶": "状",
    "箱": "体",
    "罐": "体",
    "盒": "子",
    "个": "环月小",
    "件": "号",
    "台": "阶",
    "时": "间",
    "转": "化换变炉子移",
    "支": "架护持撑",
    "月": "推",
    "年": "产",
}
"""Characters that make another word of what looks like a unit: 3 瓦斯抽采 has no watts."""


def _alternative(spelling: str) -> str:
    after = r"(?![A-Za-z0-9])" if _LATIN.match(spelling[-1]) else ""
    if spelling in _NOT_BEFORE:
        after = f"(?![{_NOT_BEFORE[spelling]}])"
    return re.escape(spelling).replace(r"\ ", r"\s?") + after


def _any_of(spellings: set[str]) -> str:
    return "|".join(map(_alternative, sorted(spellings, key=lambda word: (-len(word), word))))


_ATOM: Final = _any_of(set(_SYMBOLS))
_BELOW: Final = _any_of(set(_SYMBOLS) | set(_PER))
_POWER: Final = r"(?:[-⁻]?[¹²³]|\^-?[123])?"
UNIT: Final = (
    rf"(?:{_ATOM}){_POWER}"
    rf"(?:\s?[·•*]\s?(?:{_ATOM}){_POWER})*"
    rf"(?:\s?[/每]\s?(?:\((?:{_BELOW}){_POWER}(?:[·.*•](?:{_BELOW}){_POWER})*\)|(?:{_BELOW}){_POWER}))*"
)
"""Pattern of a unit, compound ones such as ``mg/(kg·d)`` included."""

_PARTS: Final = re.compile(rf"(?:{_BELOW})|.")
_JOINTS: Final = str.maketrans({"每": "/", "•": "·", "*": "·", " ": ""})


def normal_unit(written: str) -> str:
    """The usual symbol of a unit; what is ambiguous (度 is a temperature, an angle, a kilowatt hour) stays.

    >>> normal_unit("毫克/千克"), normal_unit("兆帕"), normal_unit("度"), normal_unit("m3/h")
    ('mg/kg', 'MPa', '度', 'm³/h')
    """
    if written in _SYMBOLS:
        return _SYMBOLS[written]
    symbols = _SYMBOLS | _PER
    return "".join(symbols.get(found[0], found[0]) for found in _PARTS.finditer(written.translate(_JOINTS)))
