"""The tables. External codes are primary keys; lists are JSON; every constraint has a name.

Free text is not indexed: filters look for a part of it, which no B-tree serves, and PostgreSQL refuses index
entries over 2.7 kB. Columns that came after the first revision have a default in the database, so that a table
with rows grows by them without being written anew.
"""

from recommender.store.tables.accounts import AccessTokenRow, AccountRow, LoginSessionRow, SignInAttemptRow
from recommender.store.tables.audit import AuditRow
from recommender.store.tables.base import MAX_CODE_LENGTH, Base
from recommender.store.tables.duplicate_searches import DuplicateSearchRow
from recommender.store.tables.feedback import JudgementRow, JudgingItemRow, JudgingPoolRow
from recommender.store.tables.figures import BestScoreRow, CaseReachRow
from recommender.store.tables.identity import DuplicateProposalRow, MergeChangeRow, MergedIdRow, RecordMergeRow
from recommender.store.tables.import_jobs import ImportJobRow
from recommender.store.tables.imports import ImportBatchRow, ImportChangeRow, ImportMappingRow
from recommender.store.tables.library import (
    AchievementAuthorRow,
    AchievementPlatformRow,
    AchievementRow,
    EnterpriseFactRow,
    EnterpriseRow,
    ExpertRow,
    NeedRow,
    PlatformRow,
)
from recommender.store.tables.objections import ObjectionRow
from recommender.store.tables.personal import ConsentEntryRow, ErasureRow, ProcessingRow, RevealRow, SuppressedRow
from recommender.store.tables.requests import KeyedRequestRow
from recommender.store.tables.review import (
    CaseEvaluationRow,
    CaseFundingRow,
    CaseMilestoneRow,
    CaseOutcomeRow,
    CaseRow,
    DecisionBatchRow,
    NeedProgressRow,
    ReminderRow,
    WorkflowStepRow,
)
from recommender.store.tables.runs import (
    LeaseRow,
    MatchRunRow,
    PublicationRow,
    RunShardRow,
    SuggestionRow,
    first_block,
    last_possible_block,
)
from recommender.store.tables.saved_views import SavedViewRow
from recommender.store.tables.wishes import WishRow

__all__ = [
    "MAX_CODE_LENGTH",
    "AccessTokenRow",
    "AccountRow",
    "AchievementAuthorRow",
    "AchievementPlatformRow",
    "AchievementRow",
    "AuditRow",
    "Base",
    "BestScoreRow",
    "CaseEvaluationRow",
    "CaseFundingRow",
    "CaseMilestoneRow",
    "CaseOutcomeRow",
    "CaseReachRow",
    "CaseRow",
    "ConsentEntryRow",
    "DecisionBatchRow",
    "DuplicateProposalRow",
    "DuplicateSearchRow",
    "EnterpriseFactRow",
    "EnterpriseRow",
    "ErasureRow",
    "ExpertRow",
    "ImportBatchRow",
    "ImportChangeRow",
    "ImportJobRow",
    "ImportMappingRow",
    "JudgementRow",
    "JudgingItemRow",
    "JudgingPoolRow",
    "KeyedRequestRow",
    "LeaseRow",
    "LoginSessionRow",
    "MatchRunRow",
    "MergeChangeRow",
    "MergedIdRow",
    "NeedProgressRow",
    "NeedRow",
    "ObjectionRow",
    "PlatformRow",
    "ProcessingRow",
    "PublicationRow",
    "RecordMergeRow",
    "ReminderRow",
    "RevealRow",
    "RunShardRow",
    "SavedViewRow",
    "SignInAttemptRow",
    "SuggestionRow",
    "SuppressedRow",
    "WishRow",
    "WorkflowStepRow",
    "first_block",
    "last_possible_block",
]
