"""Passwords that are refused, and those that are made up."""

import pytest

from recommender.domain.errors import InvalidInput
from recommender.domain.passwords import check_password, new_password, normal_login_name

COMMON = [
    "password1234",
    "Password2026!",
    "passw0rd!!!!",
    "admin1234567890",
    "qwertyuiop123",
    "123456789012",
    "210987654321",
    "abcdefghijklm",
    "aaaaaaaaaaaa",
    "abababababab",
    "啊啊啊啊啊啊啊啊啊啊啊啊",
    "你好你好你好你好你好你好",
]
GOOD = [
    "correct horse battery",
    "秋水共长天一色-落霞孤鹜",
    "Tr0ub4dor&3x!",
    "x7#kQ9vLm2$w",
    "白日依山尽黄河入海流欲穷",
    "483920174625#9",
]


@pytest.mark.parametrize("password", COMMON)
def test_common_and_regular_ones_are_refused(password: str) -> None:
    with pytest.raises(InvalidInput, match="请换一个") as caught:
        check_password(password, login_name="zhang.san")
    assert caught.value.code == "account.password_common"


@pytest.mark.parametrize("password", GOOD)
def test_good_ones_are_taken(password: str) -> None:
    check_password(password, login_name="zhang.san")


@pytest.mark.parametrize(("password", "name"), [("zhang.san123", "zhang.san"), ("ZHANG.SAN-2026", "zhang.san")])
def test_the_login_name_with_something_behind_is_refused(password: str, name: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        check_password(password, login_name=name)
    assert caught.value.code == "account.password_is_name"


@pytest.mark.parametrize("password", ["", "short", "x7#kQ9vLm2$", "长" * 201])
def test_the_length_has_bounds(password: str) -> None:
    with pytest.raises(InvalidInput, match="12 到 200") as caught:
        check_password(password, login_name="zhang.san")
    assert caught.value.code == "account.password_length"


def test_made_up_ones_are_good_and_never_the_same() -> None:
    made = {new_password() for _ in range(200)}
    assert len(made) == 200
    for password in made:
        check_password(password, login_name="zhang.san")


@pytest.mark.parametrize(
    ("given", "normal"),
    [
        (" Zhang.San ", "zhang.san"),
        ("ＺＨＡＮＧ＿１", "zhang_1"),
        ("张三", "张三"),
        ("a@b.cn", "a@b.cn"),
    ],
)
def test_login_names_have_one_form(given: str, normal: str) -> None:
    assert normal_login_name(given) == normal
    assert normal_login_name(normal) == normal


@pytest.mark.parametrize("given", ["", "a", "a b", "a/b", "a\n", "\0\0", "x" * 65, "<script>", "\ud800\ud800"])
def test_what_is_no_login_name(given: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        normal_login_name(given)
    assert caught.value.code == "account.login_name"
