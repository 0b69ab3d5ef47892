"""Pairs of enterprises, and whether each is proposed: on its names alone, and with what else is known."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from recommender.domain.entities import Enterprise
from recommender.domain.identity import Proposal
from recommender.exchange.credit_codes import check_digit, fault
from recommender.identity.enterprises import find_enterprises


def code(body: str) -> str:
    """A valid code with these characters as its organisation part."""
    front = f"91320582{body:0>9}"
    return front + check_digit(front)


def is_valid(candidate: str) -> bool:
    return fault(candidate) is None


def proposed(one: Enterprise, other: Enterprise) -> Proposal | None:
    found = find_enterprises([one, other], is_valid_code=is_valid)
    turned = find_enterprises([other, one], is_valid_code=is_valid)
    assert found == turned
    assert len(found) <= 1
    return found[0] if found else None


SAME_BY_NAME = [
    ("恒达机械（张家港）有限公司", "恒达机械(张家港)有限公司"),
    ("张家港市恒达机械有限公司", "張家港市恒達機械有限公司"),
    ("张家港市恒达机械有限公司", " 张家港市 恒达机械有限公司 "),
    ("ＡＢＢ高压开关有限公司", "abb高压开关有限公司"),
    ("张家港市恒达机械有限公司", "张家港市恒达机械有限责任公司"),
    ("张家港市恒达机械有限公司", "张家港市恒达机械股份有限公司"),
    ("张家港恒达机械有限公司", "张家港市恒达机械有限公司"),
    ("恒达机械有限公司", "张家港市恒达机械有限公司"),
    ("江苏恒达机械有限公司", "张家港市恒达机械有限公司"),
    ("江苏省恒达机械有限公司", "苏州恒达机械有限公司"),
    ("恒达机械（张家港）有限公司", "张家港恒达机械有限公司"),
    ("苏州恒达机械有限公司", "江苏恒达机械有限责任公司"),
    ("张家港市锦丰镇恒达机械厂", "张家港市恒达机械厂"),
    ("张家港保税区恒达国际贸易有限公司", "张家港恒达国际贸易有限公司"),
    ("苏州高新区鑫源电子有限公司", "苏州鑫源电子有限公司"),
    ("沙钢集团有限公司", "江苏沙钢集团有限公司"),
    ("恒达控股（集团）有限公司", "恒达控股集团有限公司"),
    ("华盛造纸有限公司", "华盛造纸有限公司（原张家港市造纸厂）"),
    ("无锡市宝盛纺织有限公司", "无锡宝盛纺织有限公司"),
    ("南通市通州区永联纺织厂", "南通永联纺织厂"),
    ("张家港智造一号股权投资合伙企业（有限合伙）", "张家港智造一号股权投资合伙企业(有限合伙)"),
    ("苏州金鹿【集团】有限公司", "苏州金鹿集团有限公司"),
    ("张家港市、骏马化纤有限公司", "张家港市骏马化纤有限公司"),
    ("中国电信股份有限公司泗阳分公司", "中国电信股份有限公司 泗阳分公司"),
]
DIFFERENT_BY_NAME = [
    ("张家港市第一机械厂", "张家港市第二机械厂"),
    ("红星一厂", "红星二厂"),
    ("恒达机械有限公司第一分公司", "恒达机械有限公司第二分公司"),
    ("恒达机械有限公司", "恒达机械有限公司昆山分公司"),
    ("中国电信股份有限公司泗阳分公司三庄营业所", "中国电信股份有限公司泗阳分公司王集营业所"),
    ("中国电信股份有限公司通州刘桥营业部", "中国电信股份有限公司通州东余营业部"),
    ("江南机械有限公司", "江北机械有限公司"),
    ("东渡纺织有限公司", "西渡纺织有限公司"),
    ("新恒达机械有限公司", "老恒达机械有限公司"),
    ("恒达机械有限公司", "恒达集团有限公司"),
    ("沙钢集团有限公司", "沙钢有限公司"),
    ("南京恒达机械有限公司", "无锡恒达机械有限公司"),
    ("张家港恒达机械有限公司", "常熟恒达机械有限公司"),
    ("浙江恒达机械有限公司", "江苏恒达机械有限公司"),
    ("恒达机械有限公司", "恒达贸易有限公司"),
    ("恒达机械有限公司", "恒达机电有限公司"),
    ("恒达机械有限公司", "恒达机械制造有限公司"),
    ("恒达机械有限公司", "恒发机械有限公司"),
    ("恒达机械有限公司", "恒大机械有限公司"),
    ("宏宝五金有限公司", "宏保五金有限公司"),
    ("江苏机械有限公司", "苏州机械有限公司"),
    ("无锡电缆厂", "苏州电缆厂"),
    ("智造一号股权投资合伙企业（有限合伙）", "智造二号股权投资合伙企业（有限合伙）"),
    ("永联A机械有限公司", "永联B机械有限公司"),
    ("华芳纺织有限公司", "华盛造纸有限公司"),
    ("苏州工业园区天润科技有限公司", "苏州工业园区天泽科技有限公司"),
]


@pytest.mark.parametrize(("one", "other"), SAME_BY_NAME)
def test_names_that_are_one(one: str, other: str) -> None:
    found = proposed(Enterprise(code="Z1", name=one), Enterprise(code="Z2", name=other))
    assert found is not None
    assert found.signals[0].code.startswith("company.")
    assert found.signals[0].weight > 0


@pytest.mark.parametrize(("one", "other"), DIFFERENT_BY_NAME)
def test_names_that_are_two(one: str, other: str) -> None:
    assert proposed(Enterprise(code="Z1", name=one), Enterprise(code="Z2", name=other)) is None


BASE = Enterprise(
    code=code("MA1ABCDE2"),
    name="张家港市恒达机械有限公司",
    town="锦丰镇",
    founded_on=date(2009, 4, 1),
    registered_capital="500万元",
    business_scope="精密机械及零部件的研发、制造、销售；自营和代理各类商品的进出口业务。",
    province="江苏省",
    city="苏州市",
)


def variant(**changes: Any) -> Enterprise:
    return replace(BASE, **{"code": code("MA1XYWTU3"), **changes})


WITH_FACTS = [
    # The same enterprise under its old registration number.
    (variant(code="320582000123456"), True),
    (variant(code="320582000123456", name="恒达机械有限公司"), True),
    # A slip in the code: one digit, two digits changing places, a wrong area in front.
    (variant(code=BASE.code[:-2] + "7" + BASE.code[-1]), True),
    (variant(code=BASE.code[:9] + BASE.code[10] + BASE.code[9] + BASE.code[11:]), True),
    (variant(code="91320500" + BASE.code[8:17] + check_digit("91320500" + BASE.code[8:17])), True),
    # Full-width and lower-case letters of the same code.
    (variant(code=BASE.code.lower(), name="恒达"), True),
    # Another name, and the record knows the former one.
    (variant(name="江苏永恒重工有限公司", former_names=("张家港市恒达机械有限公司",)), True),
    (variant(name="江苏永恒重工有限公司", former_names=("苏州恒达机械有限公司",)), False),
    # The organisation's part of the code agrees, though the names do not.
    (variant(code="91320500" + BASE.code[8:17] + "0", name="江苏永恒重工有限公司"), True),
    # Two valid codes: another legal form, and everything else agrees, is worth a look.
    (variant(name="张家港市恒达机械股份有限公司"), True),
    (variant(name="张家港市恒达机械股份有限公司", founded_on=date(2019, 5, 2), business_scope=""), False),
    # A slip in the name with facts that agree; without them; with facts that contradict.
    (variant(name="张家港市恒迖机械有限公司"), True),
    (variant(name="张家港市恒迖机械有限公司", founded_on=None, business_scope="", registered_capital=""), False),
    (variant(name="张家港市恒迖机械有限公司", founded_on=date(2020, 1, 1), town="杨舍镇"), False),
    # A word more, with facts that agree.
    (variant(code="320582000123456", name="张家港市恒达机械制造有限公司"), True),
    # Numbers and branches stay two, whatever else agrees.
    (variant(name="张家港市恒达机械有限公司第二分公司"), False),
    (variant(code="320582000123456", name="张家港市恒达机械二厂"), False),
    # The same brand in another city, and nothing else in common.
    (variant(name="南京恒达机械有限公司", city="南京市", founded_on=date(2001, 1, 1)), False),
    # Nothing but the place in common.
    (variant(name="张家港市华盛造纸有限公司"), False),
]


@pytest.mark.parametrize(("other", "expected"), WITH_FACTS)
def test_names_and_facts(other: Enterprise, expected: bool) -> None:
    assert (proposed(BASE, other) is not None) is expected


def test_reasons_name_what_was_seen_and_how_much_it_weighs() -> None:
    found = proposed(BASE, variant(code="320582000123456"))
    assert found is not None
    weights = {signal.code: signal.weight for signal in found.signals}
    assert weights == {
        "company.same": 3.2,
        "founded.same": 1.5,
        "scope.same": 1.2,
        "capital.same": 0.4,
        "place.same": 0.4,
        "code.old": 0.0,
    }
    assert [abs(signal.weight) for signal in found.signals] == sorted(map(abs, weights.values()), reverse=True)
    assert all(signal.text for signal in found.signals)


def test_the_score_is_the_logistic_of_the_summed_weights() -> None:
    found = proposed(
        Enterprise(code="Z1", name="恒达机械有限公司"), Enterprise(code="Z2", name="恒达机械有限公司")
    )
    assert found is not None
    assert found.score == pytest.approx(1 / (1 + 2.718281828459045 ** -(3.2 - 1.5)), abs=5e-5)
