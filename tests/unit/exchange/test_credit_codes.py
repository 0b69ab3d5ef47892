from hypothesis import given
from hypothesis import strategies as st

from recommender.exchange.credit_codes import check_digit, fault, is_old_registration

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
BODIES = st.text(ALPHABET, min_size=17, max_size=17)


def test_the_check_digit_is_the_weighted_sum_modulo_31() -> None:
    # 9, 1, 3, 2, 0, 5, 8, 2 at the weights 1, 3, 9, 27, 19, 26, 16, 17; zeros after that.
    total = 9 * 1 + 1 * 3 + 3 * 9 + 2 * 27 + 0 * 19 + 5 * 26 + 8 * 16 + 2 * 17
    assert check_digit("91320582000000000") == ALPHABET[31 - total % 31]


@given(BODIES)
def test_a_code_with_its_check_digit_has_no_fault(body: str) -> None:
    assert fault(body + check_digit(body)) is None


@given(BODIES, st.integers(0, 16), st.sampled_from(ALPHABET))
def test_one_wrong_character_is_always_found(body: str, position: int, other: str) -> None:
    wrong = body[:position] + other + body[position + 1 :]
    expected = None if wrong == body else "credit_code.check_digit"
    assert fault(wrong + check_digit(body)) == expected


@given(BODIES, st.integers(0, 15))
def test_swapped_neighbours_are_always_found(body: str, position: int) -> None:
    swapped = body[:position] + body[position + 1] + body[position] + body[position + 2 :]
    expected = None if swapped == body else "credit_code.check_digit"
    assert fault(swapped + check_digit(body)) == expected


def test_length_and_letters_are_told_apart() -> None:
    assert fault("9132058200000000") == "credit_code.length"
    assert fault("9132058200000000OI") == "credit_code.characters"


def test_older_registration_numbers_are_recognised() -> None:
    assert is_old_registration("320583400000001")
    assert is_old_registration("3201912300001")
    assert is_old_registration("企合苏总字第000001号")
    assert not is_old_registration("32058340000001")
    assert not is_old_registration("张家港示例精密制造有限公司")
    assert not is_old_registration("91320582000000000X")
