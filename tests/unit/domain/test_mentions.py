"""Contacts and names inside free text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recommender.domain.mentions import hide_contacts, hide_names


@pytest.mark.parametrize(
    ("text", "hidden"),
    [
        ("联系 13812345678。", "联系 138****5678。"),
        ("手机（+86）138-1234-5678", "手机（+86）138-****-5678"),
        ("１３８１２３４５６７８", "１３８****５６７８"),
        ("传真 0512-58881234 转 801", "传真 051*-****1234 转 801"),
        ("见 (010)6278 1234", "见 (010)**** 1234"),
        ("电话：58881234", "电话：****1234"),
        ("请写信至 zhang.san@x.edu.cn！", "请写信至 z********@x.edu.cn！"),
        ("z@x.edu.cn", "*@x.edu.cn"),
        ("li (at) x.edu.cn", "l* (at) x.edu.cn"),
        ("微信号：abc_12345；QQ 12345678", "微信号：*********；QQ ********"),
        ("身份证 320582198001011234", "身份证 ******************"),
    ],
)
def test_contacts_are_masked_in_place(text: str, hidden: str) -> None:
    assert hide_contacts(text) == hidden


@pytest.mark.parametrize(
    "text",
    [
        "ZL201310123456.7、CN113812345678A",
        "GB/T 4754-2017，2024年5月，3.13812345678 mm",
        "统一社会信用代码 91320582000000000J",
        "产量 12000000 吨，屈服强度 ≥ 1380 MPa，@ 25 ℃",
        "DOI 10.1016/j.jmst.2023.01.015",
    ],
)
def test_other_numbers_stay(text: str) -> None:
    assert hide_contacts(text) == text


@given(st.text(alphabet="0123456789- @.abX（）电话微信张\n：", max_size=80))
def test_the_text_stays_as_long_and_nothing_new_appears(text: str) -> None:
    hidden = hide_contacts(text)
    assert len(hidden) == len(text)
    assert all(after in (before, "*") for before, after in zip(text, hidden, strict=True))
    assert hide_contacts(hidden) == hidden or "*" in hidden


def test_names_are_masked_wherever_they_stand() -> None:
    text = "张小三（1970—），师从欧阳修远。张小三团队"
    assert hide_names(text, ["张小三", "欧阳修远"]) == "张**（1970—），师从欧阳**。张**团队"
    assert hide_names("王的方法", ["王"]) == "王的方法", "a single character stands in too many words"
