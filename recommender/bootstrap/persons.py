"""What people may ask for, and looking back at what was done with their data."""

from collections.abc import Sequence
from functools import cached_property

from embeddings.encoders.protocol import TextRole
from recommender.bootstrap.clock import now, today
from recommender.bootstrap.library import Library
from recommender.services.objections import ObjectionService
from recommender.services.personal.consents import ConsentService
from recommender.services.personal.erasure import ErasureService
from recommender.services.personal.keys import KeyService
from recommender.services.personal.person_export import PersonExportService
from recommender.services.personal.retention import KEPT, RetentionService
from recommender.services.personal.reveals import RevealService
from recommender.services.personal.runtime_files import RuntimeFiles
from recommender.services.personal.trails import TrailService
from recommender.store.keys import KeyFile


class Persons(Library):
    """What people may ask for, and looking back at what was done with their data."""

    @cached_property
    def consents(self) -> ConsentService:
        """What people agreed to."""
        return ConsentService(self.database, now)

    @cached_property
    def reveals(self) -> RevealService:
        """Seeing a person in full, for a purpose."""
        return RevealService(self.database, now, minutes=self.settings.reveal_minutes)

    @cached_property
    def persons(self) -> PersonExportService:
        """Giving people what is kept about them."""
        return PersonExportService(self.database, now)

    @cached_property
    def keys(self) -> KeyService:
        """The keys of contacts."""
        return KeyService(self.database, KeyFile(self.settings.resolved_key_file), now)

    @cached_property
    def trails(self) -> TrailService:
        """Looking back at what was done."""
        return TrailService(self.database, now)

    @cached_property
    def objections(self) -> ObjectionService:
        """Objections and their answers."""
        return ObjectionService(self.database, now, today, days=self.settings.objection_days)

    @cached_property
    def retention(self) -> RetentionService:
        """Deleting what has been kept long enough."""
        days = {name: int(getattr(self.settings, f"keep_{name}_days")) for name in KEPT}
        return RetentionService(self.database, now, days)

    @cached_property
    def erasures(self) -> ErasureService:
        """Erasing people."""
        files = RuntimeFiles(
            self.settings.var_dir,
            self.nights_dir,
            self.generations,
            forget_vectors=self._forget_vectors,
            remove_uploads=self.uploads.remove_all,
        )
        return ErasureService(self.database, files, lambda actor: self.indexing.build(actor=actor), now)

    def _forget_vectors(self, texts: Sequence[str]) -> int:
        """How many vectors of texts were in the cache; no model is loaded where there is none."""
        if not self.settings.vector_cache_dir.is_dir():
            return 0
        return self.encoder.forget(texts, TextRole.PASSAGE)
