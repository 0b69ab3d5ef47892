"""Who sees which field."""

from dataclasses import fields, replace

import pytest

from recommender.domain.entities import RECORD_TYPES, Expert, Need, Platform, Record
from recommender.domain.kinds import Confidentiality
from recommender.domain.sealed import SEALED_FIELDS
from recommender.domain.visibility import PERSONAL_FIELDS, TREATMENTS, Treatment, masked

EXPERT = Expert(
    id="ZJ-1",
    name="欧阳修远",
    organisation="某大学",
    phone="13812345678",
    email="ouyang@x.edu.cn",
    biography="欧阳修远，教授，电话 13812345678，邮箱 ouyang@x.edu.cn",
    research_fields=("轧制",),
    source_url="https://x.edu.cn/ouyang",
    consent_record="本人 2026 年来电",
)
NEED = Need(
    id="XQ-1",
    title="边裂",
    description="轧制边裂，联系 13812345678",
    budget_wan=80.0,
    keywords=("冷轧",),
    intended_experts=("张小三",),
    confidentiality=Confidentiality.CONFIDENTIAL,
    public_summary="减少边裂",
)


@pytest.mark.parametrize("record_type", RECORD_TYPES)
def test_every_field_was_decided_on(record_type: type[Record]) -> None:
    """Add a new field to the table: who may see it, and in which form."""
    assert {field.name for field in fields(record_type)} == set(TREATMENTS[record_type])


@pytest.mark.parametrize("record_type", SEALED_FIELDS)
def test_what_lies_sealed_is_shown_to_nobody_in_full(record_type: type[Record]) -> None:
    for field in SEALED_FIELDS[record_type]:
        assert TREATMENTS[record_type][field] in (Treatment.PHONE, Treatment.EMAIL)
        assert field in PERSONAL_FIELDS[record_type]


def test_a_person_is_masked_wherever_the_record_names_them() -> None:
    assert masked(EXPERT) == replace(
        EXPERT,
        name="欧阳**",
        phone="138****5678",
        email="o***@x.edu.cn",
        biography="欧阳**，教授，电话 138****5678，邮箱 o*****@x.edu.cn",
        source_url="***",
        consent_record="***",
    )
    assert masked(Platform(id="PT", name="实验室", director="张小三", services="找张小三")) == Platform(
        id="PT", name="实验室", director="张**", services="找张**"
    )


def test_a_sealed_contact_shows_nothing_of_what_it_looks_like() -> None:
    assert masked(replace(EXPERT, phone="smx1.k1.abc.1234567890")).phone == "***"


def test_of_a_confidential_need_others_get_the_public_summary() -> None:
    assert masked(NEED, with_own=False) == Need(
        id="XQ-1",
        title="边裂",
        intended_experts=("张**",),
        confidentiality=Confidentiality.CONFIDENTIAL,
        public_summary="减少边裂",
    )
    assert masked(NEED).description == "轧制边裂，联系 138****5678"
