"""Files in and out, duplicates, and looking things up."""

from datetime import timedelta
from functools import cached_property

from recommender.bootstrap.clock import now
from recommender.bootstrap.engine import Engine
from recommender.bootstrap.holder import holder
from recommender.services.background.progress import ProgressFile
from recommender.services.batches import BatchService
from recommender.services.deduplication import Deduplication
from recommender.services.duplicate_searches.searcher import DuplicateSearcher
from recommender.services.duplicate_searches.searches import DuplicateSearchService
from recommender.services.exports import ExportService
from recommender.services.identity import DuplicateService, LibrarySuspects
from recommender.services.import_jobs.folder import UploadStore
from recommender.services.import_jobs.jobs import ImportJobService
from recommender.services.import_jobs.receiving import ImportReceiver
from recommender.services.import_jobs.runner import ImportRunner
from recommender.services.imports import ImportService
from recommender.services.library import LibraryService
from recommender.services.library_details import LibraryDetails
from recommender.services.library_edits import LibraryEdits
from recommender.services.library_export import LibraryExport
from recommender.services.library_forms import LibraryForms
from recommender.services.library_history import LibraryHistory
from recommender.services.library_search import LibrarySearch
from recommender.services.merges import MergeService
from recommender.services.templates import TemplateService


class Library(Engine):
    """Files in and out, duplicates, and looking things up."""

    @cached_property
    def imports(self) -> ImportService:
        """Import use-cases."""
        return ImportService(
            self.database, now, generations=self.generations.generations, suspects=LibrarySuspects
        )

    @cached_property
    def batches(self) -> BatchService:
        """What was imported, and taking it back."""
        return BatchService(self.database, now, self.generations.generations)

    @cached_property
    def uploads(self) -> UploadStore:
        """Files of imports under way."""
        return UploadStore(self.settings.uploads_dir, max_bytes=self.settings.max_upload_bytes)

    @cached_property
    def import_jobs(self) -> ImportJobService:
        """Imports in steps."""
        return ImportJobService(
            self.database,
            self.batches,
            self.uploads,
            now,
            keep=timedelta(days=self.settings.keep_uploads_days),
        )

    @cached_property
    def import_receiver(self) -> ImportReceiver:
        """Files before they are checked."""
        return ImportReceiver(self.database, self.imports, self.import_jobs, self.uploads, now)

    @cached_property
    def import_runner(self) -> ImportRunner:
        """What does their tasks."""
        jobs = self.import_jobs
        runner = ImportRunner(self.database, self.imports, self.batches, self.uploads, now, expire=jobs.expire)
        jobs.on_begun = runner.worker.wake
        return runner

    @cached_property
    def duplicates(self) -> DuplicateService:
        """Records that are probably one, and deciding on them."""
        return DuplicateService(self.database, now)

    @cached_property
    def duplicate_progress(self) -> ProgressFile:
        """How far the search for duplicates is."""
        return ProgressFile(self.settings.var_dir / "duplicate-search.json")

    @cached_property
    def duplicate_searches(self) -> DuplicateSearchService:
        """Asking for searches for duplicates."""
        return DuplicateSearchService(self.database, self.duplicate_progress, now)

    @cached_property
    def duplicate_searcher(self) -> DuplicateSearcher:
        """What does them."""
        searcher = DuplicateSearcher(self.database, self.duplicate_progress, now, holder=holder())
        self.duplicate_searches.on_begun = searcher.worker.wake
        return searcher

    @cached_property
    def merges(self) -> MergeService:
        """Making one record of two, and taking that back."""
        return MergeService(self.database, now)

    @cached_property
    def exports(self) -> ExportService:
        """Export use-cases."""
        return ExportService(self.database, now)

    @cached_property
    def templates(self) -> TemplateService:
        """Writing templates."""
        return TemplateService()

    @cached_property
    def library(self) -> LibraryService:
        """Reading the library."""
        return LibraryService(self.database, now)

    @cached_property
    def library_search(self) -> LibrarySearch:
        """Searching the library."""
        return LibrarySearch(self.database, lambda: self.index_server, lambda: self.segmenter.tokens, now)

    @cached_property
    def library_details(self) -> LibraryDetails:
        """Looking closer at one record of the library."""
        return LibraryDetails(self.database, now)

    @cached_property
    def library_history(self) -> LibraryHistory:
        """Who changed what of a record."""
        return LibraryHistory(self.database, now)

    @cached_property
    def library_export(self) -> LibraryExport:
        """Writing what a list shows to a file."""
        return LibraryExport(self.library_search, self.exports)

    @cached_property
    def deduplication(self) -> Deduplication:
        """Deciding on records that are probably one, for who is signed in."""
        return Deduplication(self.database, self.duplicates, self.merges, now)

    @cached_property
    def library_edits(self) -> LibraryEdits:
        """Correcting the library."""
        return LibraryEdits(self.database, now)

    @cached_property
    def library_forms(self) -> LibraryForms:
        """Correcting the library by form."""
        return LibraryForms(self.database, self.library_edits, now)
