"""Masks: what they show, and that nothing else gets through."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recommender.domain.masking import (
    COMPOUND_SURNAMES,
    HIDDEN,
    mask_emails,
    mask_names,
    mask_note,
    mask_phones,
)

ANY_TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)


class TestNames:
    @pytest.mark.parametrize(
        ("name", "masked"),
        [
            ("张", "**"),
            ("张三", "张**"),
            ("张三丰", "张**"),
            ("欧阳修", "欧阳**"),
            ("欧阳修远", "欧阳**"),
            ("欧阳", "欧**"),
            ("张王小明", "张**"),
            ("阿卜杜拉·买买提", "阿**"),
            ("约翰·史密斯", "约**"),
            ("John Smith", "J**"),
            ("Smith, John", "S**,J**"),
            ("e\u0301mile", "é**"),
            ("𠮷野太郎", "𠮷**"),
            ("张A0017", "张**"),
            (" 王 五 、李四", "王**、李**"),
            ("王五；\n李四/赵六", "王**；\n李**/赵**"),
            ("", ""),
            ("  ", ""),
        ],
    )
    def test_the_surname_is_left(self, name: str, masked: str) -> None:
        assert mask_names(name) == masked

    def test_the_length_of_a_name_does_not_show(self) -> None:
        assert len({mask_names("赵" + "某" * n) for n in range(1, 6)}) == 1

    @given(st.text("张王李欧阳司马相如abc·. ", min_size=1, max_size=12))
    def test_never_more_than_a_surname(self, name: str) -> None:
        shown = mask_names(name).replace("*", "")
        assert len(shown) <= (2 if name.strip()[:2] in COMPOUND_SURNAMES else 1)
        assert len(shown) < max(1, len(name.strip()))

    def test_surnames_have_two_characters(self) -> None:
        assert {len(name) for name in COMPOUND_SURNAMES} == {2}


class TestPhones:
    @pytest.mark.parametrize(
        ("number", "masked"),
        [
            ("13812345678", "138****5678"),
            ("138 1234 5678", "138****5678"),
            ("138-1234-5678", "138****5678"),
            ("+8613812345678", "138****5678"),
            ("+86 138-1234-5678", "138****5678"),
            ("86 13812345678", "138****5678"),
            ("0086-13812345678", "138****5678"),
            ("１３８１２３４５６７８", "138****5678"),
            ("0512-58881234", "0512-****1234"),
            ("(0512) 5888 1234", "0512-****1234"),
            ("051258881234", "0512-****1234"),
            ("010-62751234", "010-****1234"),
            ("0519-8633123", "0519-****123"),
            ("0512-58881234-801", "0512-****1234"),
            ("0512-58881234转801", "0512-****1234"),
            ("58881234", "****1234"),
            ("5888123", "****123"),
            ("400-820-8820", "****8820"),
            ("+1 650 253 0000", "****0000"),
            ("0044 20 7946 0018", "****0018"),
            ("110", "****"),
            ("见通讯录", "****"),
            ("手机 13812345678（微信同号）", "138****5678"),
            ("13812345678；0512-58881234", "138****5678；0512-****1234"),
            ("", ""),
        ],
    )
    def test_enough_is_hidden(self, number: str, masked: str) -> None:
        assert mask_phones(number) == masked

    @given(st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True))
    def test_four_digits_of_a_mobile_number_are_hidden(self, number: str) -> None:
        assert mask_phones(number) == number[:3] + "*" * 4 + number[7:]

    @given(ANY_TEXT | st.text("0123456789+-() 转", max_size=24))
    def test_nothing_but_digits_gets_through_and_never_all_of_them(self, text: str) -> None:
        for entry, masked in zip(
            re.split(r"[；;、，,/|\n]", text), re.split(r"[；;、，,/|\n]", mask_phones(text)), strict=True
        ):
            assert re.fullmatch(r"[\d*-]*", masked)
            assert masked == "" or "****" in masked
            assert not entry.strip() or len(re.sub(r"\D", "", masked)) <= 4 + 4


class TestEmails:
    @pytest.mark.parametrize(
        ("address", "masked"),
        [
            ("zhangsan@x.edu.cn", "z***@x.edu.cn"),
            ("z.s@x.edu.cn", "z***@x.edu.cn"),
            ("z@x.edu.cn", "***@x.edu.cn"),
            ("张三@大学.中国", "张***@大学.中国"),
            ("zh@x.cn; li@y.com", "z***@x.cn;l***@y.com"),
            ("a@b@c.cn", "a***@c.cn"),
            ("张三 <zs@x.cn>", HIDDEN),
            ("zs@x.cn 张三", HIDDEN),
            ("@x.cn", HIDDEN),
            ("zs@localhost", HIDDEN),
            ("见名片", HIDDEN),
            ("", ""),
        ],
    )
    def test_the_domain_is_left(self, address: str, masked: str) -> None:
        assert mask_emails(address) == masked

    @given(ANY_TEXT)
    def test_an_unknown_form_is_hidden_whole(self, text: str) -> None:
        without_at = text.replace("@", "")
        assert set(re.split(r"[；;、，,/|\n]", mask_emails(without_at))) <= {HIDDEN, ""}

    @given(st.from_regex(r"[a-z0-9._]{1,20}", fullmatch=True))
    def test_at_most_one_letter_of_the_mailbox_is_left(self, mailbox: str) -> None:
        masked = mask_emails(f"{mailbox}@x.cn")
        assert masked in {f"{mailbox[0]}***@x.cn", "***@x.cn"}
        assert len(mailbox) > 1 or masked == "***@x.cn"


def test_a_note_is_hidden_whole() -> None:
    assert mask_note("2026-03-15 张三书面同意") == HIDDEN
    assert mask_note("  ") == ""
