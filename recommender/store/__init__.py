"""What the product remembers, in SQLite or PostgreSQL; the only code that speaks SQL."""

from recommender.store.audit import AuditRepository
from recommender.store.database import Database
from recommender.store.repositories import Repository
from recommender.store.runs import RunRepository
from recommender.store.schema import SchemaState
from recommender.store.unit_of_work import UnitOfWork

__all__ = ["AuditRepository", "Database", "Repository", "RunRepository", "SchemaState", "UnitOfWork"]
