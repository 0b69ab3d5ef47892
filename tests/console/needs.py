"""Needs of the small town beside those of the samples: written as enterprises write."""

from datetime import date
from typing import Any, Final

VAGUE: Final[dict[str, Any]] = {
    "title": "法兰热处理老是变形想找人看看",
    "description": "大环淬完火不圆，校起来费劲，想找懂热处理的老师来厂里看看怎么改。",
}

WRITTEN: Final[tuple[dict[str, Any], ...]] = (
    {
        "title": "碾环机在线测径与自动停机",
        "description": "环件碾到快到尺寸时靠工人看卡尺停机，直径差 3~5mm，经常要返工。环坯温度 1050℃ 左右，"
        "氧化皮多、水汽大，普通激光测不准。希望外径测量误差不大于 1mm，到尺寸自动降速停机。",
        "indicators": ("外径测量误差≤1mm", "响应时间≤0.2s"),
        "industry_chain": "智能装备",
        "budget_wan": 120.0,
        "deadline": date(2027, 6, 30),
    },
    {
        "title": "锻件余热利用改造",
        "description": "锻后直接空冷，再进炉调质要重新加热，煤气费一年三百多万。想利用锻后余热做控冷或直接淬火，"
        "但担心晶粒粗、冲击不够。材料 42CrMo4、S355NL，单件 0.8~4t。",
        "industry_chain": "冶金新材料",
        "budget_wan": 80.0,
    },
    {
        "title": "加热炉烧损偏高",
        "description": "天然气加热炉烧损 2.6%，同行做到 1.8% 以下，炉压老是控不住。",
        "industry_chain": "冶金新材料",
    },
    {
        "title": "法兰端面铣削刀具寿命短",
        "description": "调质后硬度 280~320HB，铣端面一把刀片只能铣两件，希望提高到五件以上，"
        "单件工时不超过 40min。",
        "indicators": ("刀片寿命≥5 件", "单件工时≤40min"),
        "industry_chain": "智能装备",
        "budget_wan": 30.0,
        "deadline": date(2027, 3, 31),
    },
    {
        "title": "超声探伤自动化",
        "description": "现在人工水柱耦合探伤，一个班测八件，漏检过一次被客户索赔。"
        "想做相控阵自动探伤，当量 Φ2mm 平底孔检出。",
        "indicators": ("检出当量≤Φ2mm", "节拍≤15min/件"),
        "industry_chain": "智能装备",
        "budget_wan": 150.0,
        "deadline": date(2027, 12, 31),
    },
    {
        "title": "调质件低温冲击不稳定",
        "description": "同一炉号 -40℃ 冲击功从 35J 到 90J 都有，客户要求单值不低于 42J。",
        "indicators": ("-40℃冲击功≥42J",),
        "industry_chain": "冶金新材料",
        "budget_wan": 60.0,
    },
    {
        "title": "车间油雾治理",
        "description": "淬火油烟大，环保来过两次，想上一套能回收油的净化，排放浓度不超过 5mg/m³。",
        "industry_chain": "化工新材料",
    },
    {
        "title": "锻造模具寿命预测",
        "description": "模具什么时候该修全凭经验，想用温度和打击次数做个预测。",
        "industry_chain": "智能装备",
        "budget_wan": 50.0,
    },
    {
        "title": "风电轴承套圈感应淬火软带控制",
        "description": "回转支承滚道感应淬火软带宽 60mm，客户要求 30mm 以内，"
        "软带区硬度不低于 48HRC，且不能有裂纹。",
        "indicators": ("软带宽度≤30mm", "硬度≥48HRC"),
        "industry_chain": "冶金新材料",
        "budget_wan": 200.0,
        "deadline": date(2027, 9, 30),
    },
    {
        "title": "余料棒材自动套料排产",
        "description": "每天几十个规格，锯切余料堆了一屋子，想要个软件自动套料。",
        "industry_chain": "智能装备",
        "budget_wan": 25.0,
    },
    {
        "title": "大型环件残余应力快速评估",
        "description": "客户要求提供残余应力报告，送检一次两周，想在厂里快速评估，误差 ±30MPa。",
        "indicators": ("误差≤30MPa",),
        "industry_chain": "冶金新材料",
        "budget_wan": 70.0,
    },
)
