"""A library with accounts, and imports in steps on it."""

import io
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from recommender.domain.accounts import AccountDraft, Actor, Reach, Role
from recommender.domain.import_jobs import ImportJob, JobTask
from recommender.services.accounts.accounts import AccountService
from recommender.services.accounts.passwords import PasswordHasher
from recommender.services.batches import BatchService
from recommender.services.identity import LibrarySuspects
from recommender.services.import_jobs.folder import UploadStore
from recommender.services.import_jobs.jobs import ImportJobService
from recommender.services.import_jobs.receiving import ImportReceiver
from recommender.services.import_jobs.runner import ImportRunner
from recommender.services.import_jobs.views import JobView
from recommender.services.imports import ImportService
from recommender.store import Database
from tests.actors import TESTER

HEADER = ("专家编号", "姓名", "单位", "研究方向", "手机")
GOOD = (HEADER, ("ZJ1", "甲小某", "示例大学", "铸造；焊接", ""), ("ZJ2", "乙小某", "示例学院", "电池", ""))
FAULTY = (*GOOD, ("ZJ3", "", "示例学院", "电池", ""), ("ZJ4", "丙小某", "示例学院", "电池", "请打电话"))


def csv_bytes(rows: Iterable[Iterable[str]]) -> bytes:
    """Rows as a text file."""
    return "\n".join(",".join(row) for row in rows).encode()


@dataclass
class Town:
    """Services on one database, a clock that is set by hand, and people who import.

    Attributes:
        whole: an officer for the whole city; ``part`` for one town only; ``other`` a second one.
    """

    database: Database
    root: Path
    max_bytes: int = 104_858
    now: datetime = datetime(2026, 11, 28, 8, 30, tzinfo=UTC)
    whole: Actor = field(init=False)
    part: Actor = field(init=False)
    other: Actor = field(init=False)

    def __post_init__(self) -> None:
        clock = lambda: self.now  # noqa: E731
        self.uploads = UploadStore(self.root / "uploads", max_bytes=self.max_bytes)
        self.imports = ImportService(self.database, clock, suspects=LibrarySuspects)
        self.batches = BatchService(self.database, clock, tuple)
        self.jobs = ImportJobService(self.database, self.batches, self.uploads, clock, keep=timedelta(days=7))
        self.receiver = ImportReceiver(self.database, self.imports, self.jobs, self.uploads, clock)
        self.runner = self.another_runner()
        self.accounts = AccountService(self.database, PasswordHasher(), clock)
        self.whole = self._officer("whole", Reach(whole_city=True))
        self.part = self._officer("part", Reach(towns=frozenset({"经开区(杨舍镇)"})))
        self.other = self._officer("other", Reach(whole_city=True))

    def another_runner(self) -> ImportRunner:
        """What another process would have."""
        return ImportRunner(
            self.database, self.imports, self.batches, self.uploads, lambda: self.now, expire=self.jobs.expire
        )

    def send(
        self, rows: Iterable[Iterable[str]], *, actor: Actor | None = None, kind: str = "", name: str = "名单.csv"
    ) -> ImportJob:
        """Send a file."""
        return self.receiver.receive(actor or self.whole, io.BytesIO(csv_bytes(rows)), name, kind=kind)

    def do(
        self, job: ImportJob, task: JobTask, *, actor: Actor | None = None, valid_only: bool | None = None
    ) -> JobView:
        """Begin a task and have it done."""
        self.jobs.begin(actor or self.whole, job.id, task, valid_only=valid_only)
        self.runner.run_waiting()
        return self.jobs.get(actor or self.whole, job.id)

    def files(self) -> list[str]:
        """Everything that lies in the folders of imports."""
        root = self.root / "uploads"
        found = sorted(path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file())
        return [name for name in found if not name.endswith("lock")]

    def _officer(self, name: str, reach: Reach) -> Actor:
        draft = AccountDraft(login_name=name, display_name=f"审核员{name}", role=Role.OFFICER, reach=reach)
        account = self.accounts.create(TESTER, draft).account
        with self.database.write() as unit:
            unit.accounts.put(account.changed(must_change_password=False))
        return account.changed(must_change_password=False).actor(session="s")
