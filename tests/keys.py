"""Keys for tests that write contacts."""

from pathlib import Path

from recommender.store.keys import KeyFile, Keyring
from recommender.store.vault import Vault


def vault_in(folder: Path) -> Vault:
    """Seals contacts with the keys of a folder, which are made at the first call."""
    file = KeyFile(folder / "contacts-key.json")
    if not file.exists:
        file.create(Keyring.fresh())
    return Vault(file)
