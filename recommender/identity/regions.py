"""Where a name says that something is: provinces, cities, and the counties of the city's own province."""

import re
from dataclasses import dataclass
from functools import cache
from typing import Final

_CITIES: Final[dict[str, str]] = {
    "北京": "",
    "天津": "",
    "上海": "",
    "重庆": "",
    "香港": "",
    "澳门": "",
    "台湾": "",
    "河北": "石家庄 唐山 秦皇岛 邯郸 邢台 保定 张家口 承德 沧州 廊坊 衡水",
    "山西": "太原 大同 阳泉 长治 晋城 朔州 晋中 运城 忻州 临汾 吕梁",
    "内蒙古": "呼和浩特 包头 乌海 赤峰 通辽 鄂尔多斯 呼伦贝尔 巴彦淖尔 乌兰察布",
    "辽宁": "沈阳 大连 鞍山 抚顺 本溪 丹东 锦州 营口 阜新 辽阳 盘锦 铁岭 葫芦岛",
    "吉林": "长春 四平 辽源 通化 白山 松原 白城 延边",
    "黑龙江": "哈尔滨 齐齐哈尔 鸡西 鹤岗 双鸭山 大庆 伊春 佳木斯 七台河 牡丹江 黑河 绥化",
    "江苏": "南京 无锡 徐州 常州 苏州 南通 连云港 淮安 盐城 扬州 镇江 泰州 宿迁",
    "浙江": "杭州 宁波 温州 嘉兴 湖州 绍兴 金华 衢州 舟山 台州 丽水 义乌",
    "安徽": "合肥 芜湖 蚌埠 淮南 马鞍山 淮北 铜陵 安庆 黄山 滁州 阜阳 宿州 六安 亳州 池州 宣城",
    "福建": "福州 厦门 莆田 三明 泉州 漳州 南平 龙岩 宁德",
    "江西": "南昌 景德镇 萍乡 九江 新余 鹰潭 赣州 吉安 宜春 抚州 上饶",
    "山东": "济南 青岛 淄博 枣庄 东营 烟台 潍坊 济宁 泰安 威海 日照 临沂 德州 聊城 滨州 菏泽",
    "河南": "郑州 开封 洛阳 平顶山 安阳 鹤壁 新乡 焦作 濮阳 许昌 漯河 三门峡 南阳 商丘 信阳 周口 驻马店",
    "湖北": "武汉 黄石 十堰 宜昌 襄阳 鄂州 荆门 孝感 荆州 黄冈 咸宁 随州 恩施",
    "湖南": "长沙 株洲 湘潭 衡阳 邵阳 岳阳 常德 张家界 益阳 郴州 永州 怀化 娄底 湘西",
    "广东": "广州 韶关 深圳 珠海 汕头 佛山 江门 湛江 茂名 肇庆 惠州 梅州 汕尾 河源 阳江 清远 东莞 中山 潮州 揭阳 "
    "云浮",
    "广西": "南宁 柳州 桂林 梧州 北海 防城港 钦州 贵港 玉林 百色 贺州 河池 来宾 崇左",
    "海南": "海口 三亚 三沙 儋州",
    "四川": "成都 自贡 攀枝花 泸州 德阳 绵阳 广元 遂宁 内江 乐山 南充 眉山 宜宾 广安 达州 雅安 巴中 资阳",
    "贵州": "贵阳 六盘水 遵义 安顺 毕节 铜仁",
    "云南": "昆明 曲靖 玉溪 保山 昭通 丽江 普洱 临沧 大理 楚雄 红河",
    "西藏": "拉萨 日喀则 昌都 林芝 山南 那曲",
    "陕西": "西安 铜川 宝鸡 咸阳 渭南 延安 汉中 榆林 安康 商洛",
    "甘肃": "兰州 嘉峪关 金昌 白银 天水 武威 张掖 平凉 酒泉 庆阳 定西 陇南",
    "青海": "西宁 海东",
    "宁夏": "银川 石嘴山 吴忠 固原 中卫",
    "新疆": "乌鲁木齐 克拉玛依 吐鲁番 哈密 石河子 昌吉 伊犁 喀什 阿克苏",
}
_COUNTIES: Final[dict[str, str]] = {
    "苏州": "张家港 常熟 太仓 昆山 吴江 吴中 相城 姑苏 虎丘",
    "无锡": "江阴 宜兴 锡山 惠山 滨湖 梁溪 新吴",
    "南京": "江宁 浦口 栖霞 雨花台 溧水 高淳 六合 建邺 鼓楼 秦淮 玄武",
    "常州": "武进 溧阳 金坛 天宁 钟楼 新北",
    "南通": "启东 如皋 海安 如东 海门 通州 崇川",
    "镇江": "丹阳 扬中 句容 丹徒 京口 润州",
    "泰州": "靖江 泰兴 兴化 姜堰 海陵 高港",
    "扬州": "仪征 高邮 宝应 江都 邗江 广陵",
    "盐城": "东台 建湖 射阳 阜宁 滨海 响水 大丰 盐都 亭湖",
    "徐州": "邳州 新沂 睢宁 沛县 丰县 铜山 贾汪",
    "连云港": "东海 灌云 灌南 赣榆 海州",
    "淮安": "涟水 盱眙 金湖 洪泽 淮阴 清江浦",
    "宿迁": "沭阳 泗阳 泗洪 宿豫 宿城",
}
_SUFFIX: Final = r"(?:壮族自治区|回族自治区|维吾尔自治区|自治区|特别行政区|自治州|地区|省|市|县|区)?"
_LOCALITY: Final = re.compile(
    r"[\u4e00-\u9fff]{2,3}(?:镇|乡|街道)|(?:经济技术|经济|高新技术产业|高新|保税)(?:开发)?区|(?:高新|新)区"
)


@dataclass(frozen=True, slots=True)
class Region:
    """A place down to the level that is known; ``""`` where a level is not.

    >>> Region("江苏", "苏州").conflicts_with(Region("江苏"))
    False
    >>> Region("江苏", "苏州").conflicts_with(Region("江苏", "南京"))
    True
    """

    province: str = ""
    city: str = ""
    county: str = ""

    @property
    def known(self) -> bool:
        """Whether anything is known."""
        return bool(self.province)

    def conflicts_with(self, other: "Region") -> bool:
        """Whether one lies outside the other."""
        levels = ((self.province, other.province), (self.city, other.city), (self.county, other.county))
        return any(mine and theirs and mine != theirs for mine, theirs in levels)

    def within(self, other: "Region") -> "Region":
        """This place with what only the other knows; the other's where they conflict."""
        if self.conflicts_with(other):
            return other
        return Region(self.province or other.province, self.city or other.city, self.county or other.county)


@cache
def _places() -> dict[str, Region]:
    found = {province: Region(province) for province in _CITIES}
    for province, cities in _CITIES.items():
        for city in cities.split():
            found.setdefault(city, Region(province, city))
    for city, counties in _COUNTIES.items():
        for county in counties.split():
            found.setdefault(county, Region("江苏", city, county))
    return found


@cache
def _pattern() -> re.Pattern[str]:
    names = sorted(_places(), key=lambda name: (-len(name), name))
    return re.compile(f"({'|'.join(names)}){_SUFFIX}")


@cache
def region_of(text: str) -> Region:
    """The place that a folded text names and nothing else, such as ``江苏省苏州市``; unknown otherwise."""
    region, rest = leading_region(text)
    return Region() if rest else region


def leading_region(text: str) -> tuple[Region, str]:
    """The place in front of a folded name, and the rest of the name.

    >>> leading_region("江苏省张家港市锦丰镇恒达机械")
    (Region(province='江苏', city='苏州', county='张家港'), '恒达机械')
    """
    region, position = Region(), 0
    while found := _pattern().match(text, position):
        place = _places()[found[1]]
        if region.known and region.conflicts_with(place):
            break
        region, position = place.within(region), found.end()
    if region.known and (locality := _LOCALITY.match(text, position)):
        position = locality.end()
    return region, text[position:]


def places_in(text: str) -> tuple[frozenset[str], str]:
    """Provinces, cities and counties with their suffix anywhere in a compact text, and the text without them.

    A place without a suffix counts in front only: elsewhere it may be part of a word.

    >>> places_in("认知神经科学广西高校重点"), places_in("新疆生物资源")
    ((frozenset(), '认知神经科学广西高校重点'), (frozenset({'新疆'}), '生物资源'))
    >>> places_in("奶牛营养学北京市")[1]
    '奶牛营养学'
    """
    region, rest = leading_region(text)
    found = {region.county or region.city or region.province} - {""}

    def take(match: re.Match[str]) -> str:
        found.add(match[1] or match[2])
        return ""

    rest = _suffixed().sub(take, rest)
    return frozenset(found), rest


@cache
def _suffixed() -> re.Pattern[str]:
    names = "|".join(sorted(_places(), key=lambda name: (-len(name), name)))
    return re.compile(f"({names})(?:壮族自治区|回族自治区|维吾尔自治区|自治区|省|市)|({names})$")
