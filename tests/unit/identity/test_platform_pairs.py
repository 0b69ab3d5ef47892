"""Pairs of platforms, and whether each is proposed."""

import pytest

from recommender.domain.entities import Platform
from recommender.domain.identity import Proposal
from recommender.identity.platforms import find_platforms


def proposed(one: Platform, other: Platform) -> Proposal | None:
    found = find_platforms([one, other])
    assert found == find_platforms([other, one])
    assert len(found) <= 1
    return found[0] if found else None


SAME = [
    ("绿洲生态教育部重点实验室", "新疆大学", "教育部绿洲生态重点实验室", "新疆大学"),
    ("动物营养学国家重点实验室", "中国农业科学院", "动物营养学国家重点实验室", "中国农科院"),
    (
        "动物营养学国家重点实验室",
        "中国农业科学院",
        "北京畜牧兽医研究所动物营养学国家重点实验室",
        "中国农业科学院",
    ),
    (
        "农业部长江下游棉花与油菜重点实验室",
        "江苏省农业科学院",
        "农业农村部长江下游棉花和油菜重点实验室",
        "江苏省农业科学院",
    ),
    ("国家林业局水土保持重点实验室", "北京林业大学", "水土保持国家林业和草原局重点实验室", "北京林业大学"),
    ("江苏省冷轧带钢工程技术研究中心", "江苏沙钢集团有限公司", "冷轧带钢江苏省工程技术研究中心", "沙钢集团"),
    (
        "江苏省冷轧带钢工程技术研究中心",
        "江苏沙钢集团有限公司",
        "冷轧带钢工程技术研究中心",
        "江苏沙钢集团有限公司",
    ),
    ("行为科学重点实验室", "中国科学院", "心理研究所行为科学重点实验室", "中国科学院心理研究所"),
    (
        "黄土高原土壤侵蚀与旱地农业国家重点实验室",
        "西北农林科技大学",
        "土高原土壤侵蚀与旱地农业国家重点实验室",
        "榆林学院",
    ),
    ("江苏省企业研究生工作站", "张家港恒达机械有限公司", "江苏省研究生工作站", "恒达机械（张家港）有限公司"),
    ("移动通信技术重庆市重点实验室", "重庆邮电大学", "移动通信重庆市重点实验室", "重庆邮电大学"),
    ("特种电缆 重点实验室（江苏省）", "无锡电缆厂", "江苏省特种电缆重点实验室", "无锡电缆厂"),
    ("環境模擬與污染控制國家重點實驗室", "北京師範大學", "环境模拟与污染控制国家重点实验室", "北师大"),
    ("河口海岸学国家重点实验室", "", "河口海岸学国家重点实验室", "华东师范大学"),
]
DIFFERENT = [
    ("江苏省研究生工作站", "张家港恒达机械有限公司", "江苏省研究生工作站", "张家港华盛造纸有限公司"),
    ("江苏省企业院士工作站", "恒达机械有限公司", "江苏省企业研究生工作站", "恒达机械有限公司"),
    ("江苏省冷轧带钢工程技术研究中心", "沙钢集团", "江苏省冷轧带钢重点实验室", "沙钢集团"),
    ("江苏省动物营养重点实验室", "南京农业大学", "江西省动物营养重点实验室", "江西农业大学"),
    ("动物营养学国家重点实验室", "中国农业科学院", "江苏省动物营养学重点实验室", "南京农业大学"),
    ("软件工程重点实验室", "武汉大学", "软件工程重点实验室", "苏州大学"),
    ("绿洲生态教育部重点实验室", "新疆大学", "草业生态教育部重点实验室", "新疆农业大学"),
    ("特种电缆第一实验室", "无锡电缆厂", "特种电缆第二实验室", "无锡电缆厂"),
    ("西北旱区生态水利国家重点实验室", "西安理工大学", "东北旱区生态水利国家重点实验室", "西安理工大学"),
    ("半导体封装测试公共服务平台", "张家港高新区", "半导体材料检测公共服务平台", "张家港高新区"),
    ("金属材料检测中心", "甲检测有限公司", "金属材料检测中心", "乙检测有限公司"),
    ("企业技术中心", "恒达机械有限公司", "企业技术中心", "华盛造纸有限公司"),
]


@pytest.mark.parametrize(("name", "host", "other_name", "other_host"), SAME)
def test_platforms_that_are_one(name: str, host: str, other_name: str, other_host: str) -> None:
    one = Platform(id="P1", name=name, host_organisation=host)
    other = Platform(id="P2", name=other_name, host_organisation=other_host)
    assert proposed(one, other) is not None


@pytest.mark.parametrize(("name", "host", "other_name", "other_host"), DIFFERENT)
def test_platforms_that_are_two(name: str, host: str, other_name: str, other_host: str) -> None:
    one = Platform(id="P1", name=name, host_organisation=host)
    other = Platform(id="P2", name=other_name, host_organisation=other_host)
    assert proposed(one, other) is None


def test_two_platforms_that_one_work_names_are_two() -> None:
    one = Platform(id="P1", name="广西水牛遗传繁育重点实验室", host_organisation="广西大学")
    other = Platform(id="P2", name="水牛遗传繁育重点实验室", host_organisation="广西大学")
    assert [item.pair for item in find_platforms([one, other])] == [("P1", "P2")]
    apart = {"P1": frozenset({"A1"}), "P2": frozenset({"A2"})}
    assert [item.pair for item in find_platforms([one, other], apart)] == [("P1", "P2")]
    together = {"P1": frozenset({"A1", "A3"}), "P2": frozenset({"A3"})}
    assert find_platforms([one, other], together) == ()


def test_a_former_name_of_the_host_is_the_host() -> None:
    one = Platform(id="P1", name="研究生工作站", host_organisation="永联轧钢有限公司")
    other = Platform(id="P2", name="研究生工作站", host_organisation="江苏永钢有限公司")
    assert find_platforms([one, other]) == ()
    assert [item.pair for item in find_platforms([one, other], former_units={"永联轧钢": "永钢"})] == [
        ("P1", "P2")
    ]
