"""What everything else stands on: settings, the database, and where files are."""

from collections.abc import Callable
from functools import cached_property
from pathlib import Path

from recommender.domain.kinds import EntityKind
from recommender.settings import Settings
from recommender.store.database import Database
from recommender.store.keys import KeyFile
from recommender.store.vault import Vault


class Core:
    """What everything else stands on: settings, the database, and where files are."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.on_ranked: Callable[[EntityKind, float], None] = lambda _kind, _seconds: None
        """Told how many seconds each ranking took; to be set before matching is first used."""

    @cached_property
    def database(self) -> Database:
        """The library's database."""
        return Database.open(self.settings.resolved_database_url, vault=self.vault)

    @cached_property
    def vault(self) -> Vault:
        """What seals and opens contacts; its keys are read when first needed."""
        return Vault(KeyFile(self.settings.resolved_key_file))

    @property
    def nights_dir(self) -> Path:
        """Folder of the nights' folders."""
        return self.settings.var_dir.resolve() / "nights"
