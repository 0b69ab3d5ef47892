"""Closed vocabularies as types of what the API takes.

A parameter that is a member of an enumeration would bring its class into the OpenAPI document, with an English
docstring; a literal stands in the document as the values alone. To the type checker both are the same.
"""

from enum import StrEnum
from typing import TYPE_CHECKING, Any, Literal

from recommender.domain.case_lists import CaseView
from recommender.domain.cases import Instalment, Side
from recommender.domain.figures import FigureGroup
from recommender.domain.kinds import (
    SUPPLY_KINDS,
    Confidentiality,
    ContractType,
    CooperationMode,
    DesiredPartner,
    EntityKind,
    NeedSource,
)
from recommender.domain.personal import Activity, ConsentDecision, ConsentScope
from recommender.domain.wishes import Stance
from recommender.domain.workflow import CaseState, NeedState, ReasonCode

if TYPE_CHECKING:
    ActivityValue = Activity
    ConsentDecisionValue = ConsentDecision
    ConsentScopeValue = ConsentScope
    CaseStateValue = CaseState
    CaseViewValue = CaseView
    ConfidentialityValue = Confidentiality
    ContractValue = ContractType
    FigureGroupValue = FigureGroup
    InstalmentValue = Instalment
    KindValue = EntityKind
    ModeValue = CooperationMode
    NeedSourceValue = NeedSource
    NeedStateValue = NeedState
    PartnerValue = DesiredPartner
    ReasonValue = ReasonCode
    SideValue = Side
    StanceValue = Stance
    SupplyValue = EntityKind
else:

    def _one_of(vocabulary: type[StrEnum]) -> Any:
        return Literal[tuple(vocabulary)]

    ActivityValue = _one_of(Activity)
    ConsentDecisionValue = _one_of(ConsentDecision)
    ConsentScopeValue = _one_of(ConsentScope)
    CaseStateValue = _one_of(CaseState)
    CaseViewValue = _one_of(CaseView)
    ConfidentialityValue = _one_of(Confidentiality)
    ContractValue = _one_of(ContractType)
    FigureGroupValue = _one_of(FigureGroup)
    InstalmentValue = _one_of(Instalment)
    KindValue = _one_of(EntityKind)
    ModeValue = _one_of(CooperationMode)
    NeedSourceValue = _one_of(NeedSource)
    NeedStateValue = _one_of(NeedState)
    PartnerValue = _one_of(DesiredPartner)
    ReasonValue = _one_of(ReasonCode)
    SideValue = _one_of(Side)
    StanceValue = _one_of(Stance)
    SupplyValue = Literal[SUPPLY_KINDS]
