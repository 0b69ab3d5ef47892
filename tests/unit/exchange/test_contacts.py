"""Shapes of telephone numbers, mail addresses and web addresses."""

import pytest

from recommender.exchange import contacts


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("13800005678", "13800005678"),
        ("138 0000 5678", "13800005678"),
        ("138-0000-5678", "13800005678"),
        ("+86 13800005678", "13800005678"),
        ("8613800005678", "13800005678"),
        ("１３８００００５６７８", "13800005678"),
        ("0512-58880000", "0512-58880000"),
        ("(0512)58880000", "0512-58880000"),
        ("（0512）5888 0000", "0512-58880000"),
        ("051258880000", "0512-58880000"),
        ("0512 58880000", "0512-58880000"),
        ("010-68880000", "010-68880000"),
        ("0512-58880000-801", "0512-58880000-801"),
        ("0512-58880000转801", "0512-58880000-801"),
        ("400-888-0000", "400-888-0000"),
        ("4008880000", "400-888-0000"),
        ("+49 151 1234567", "+491511234567"),
    ],
)
def test_numbers_get_one_form(text: str, number: str) -> None:
    assert contacts.phone(text) == number
    assert contacts.phone(number) == number


@pytest.mark.parametrize(
    "text",
    [
        "1380000567",
        "138000056789",
        "12800005678",
        "58880000",
        "0512-588800",
        "13800005678 王秘书",
        "13800005678/13900005678",
        "138****5678",
        "联系办公室",
        "123456789012345",
        "+0123456789",
        "",
    ],
)
def test_what_is_not_one_number(text: str) -> None:
    assert contacts.phone(text) is None


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("name@example.edu.cn", "name@example.edu.cn"),
        ("mailto:a.b+c@x-y.org", "a.b+c@x-y.org"),
        ("ＮＡＭＥ＠example．com", "NAME@example.com"),
        ("张三@例子.中国", "张三@例子.中国"),
    ],
)
def test_addresses(text: str, address: str) -> None:
    assert contacts.email(text) == address
    assert contacts.email(address) == address


@pytest.mark.parametrize(
    "text",
    [
        "name",
        "name@",
        "@x.cn",
        "a@b",
        "a b@x.cn",
        "a@x.cn;b@x.cn",
        "a@@x.cn",
        "a@x..cn",
        "a@x.1",
        "a" * 65 + "@x.cn",
    ],
)
def test_what_is_not_one_address(text: str) -> None:
    assert contacts.email(text) is None


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("https://www.example.edu.cn/a?b=1#c", "https://www.example.edu.cn/a?b=1#c"),
        ("HTTP://EXAMPLE.CN", "HTTP://EXAMPLE.CN"),
        ("www.example.cn/张三", "http://www.example.cn/张三"),
    ],
)
def test_web_addresses(text: str, url: str) -> None:
    assert contacts.url(text) == url
    assert contacts.url(url) == url


@pytest.mark.parametrize(
    "text",
    [
        "javascript:alert(1)",
        "data:text/html,x",
        "file:///etc/passwd",
        "ftp://x.cn",
        "//x.cn",
        "example",
        "https://",
        "https://a b.cn",
        'https://x.cn/"onclick',
        "学校官网",
    ],
)
def test_nothing_else_becomes_a_link(text: str) -> None:
    assert contacts.url(text) is None
