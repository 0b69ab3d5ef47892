"""``encoder.json``: what a model folder says about itself, checked before anything is loaded."""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Self

from embeddings.encoders.protocol import TextRole
from embeddings.errors import EmbeddingsError

CONFIG_FILE: Final = "encoder.json"
MODEL_FILE: Final = "model.onnx"
TOKENIZER_FILE: Final = "tokenizer.json"
FORMAT_VERSION: Final = 1
_SHORT_HASH_LENGTH: Final = 12


@dataclass(frozen=True, slots=True)
class EncoderConfig:
    """Everything besides the two files' bytes that shapes a vector, and the hashes of those files."""

    name: str
    dimension: int
    max_tokens: int
    """Tokens kept of one text, prompt and the two boundary tokens included."""
    pooling: str
    prompts: dict[str, str]
    """Text put before every text, by :class:`TextRole` value."""
    sha256: dict[str, str]
    """Hex digest of ``model.onnx`` and ``tokenizer.json``."""

    @classmethod
    def from_folder(cls, folder: Path) -> Self:
        """Read ``folder/encoder.json``.

        Raises:
            EmbeddingsError: ``encoder.config_invalid`` if a field is missing or of another kind,
                ``encoder.format_unknown`` if the folder was written by another version of the format.
        """
        try:
            fields = json.loads((folder / CONFIG_FILE).read_text(encoding="utf-8"))
            found = fields["format_version"]
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise EmbeddingsError("encoder.config_invalid", folder=folder, detail=repr(error)) from error
        if found != FORMAT_VERSION:
            raise EmbeddingsError("encoder.format_unknown", folder=folder, found=found, expected=FORMAT_VERSION)
        return cls._from_fields(fields, folder=folder)

    @classmethod
    def _from_fields(cls, fields: dict[str, Any], *, folder: Path) -> Self:
        try:
            config = cls(
                name=str(fields["name"]),
                dimension=int(fields["dimension"]),
                max_tokens=int(fields["max_tokens"]),
                pooling=str(fields["pooling"]),
                prompts={role: str(fields["prompts"][role]) for role in TextRole},
                sha256={file: str(fields["sha256"][file]) for file in (MODEL_FILE, TOKENIZER_FILE)},
            )
        except (KeyError, TypeError, ValueError) as error:
            raise EmbeddingsError("encoder.config_invalid", folder=folder, detail=repr(error)) from error
        if config.dimension < 1 or config.max_tokens < 1 or config.pooling != "mean":
            detail = f"dimension={config.dimension} max_tokens={config.max_tokens} pooling={config.pooling}"
            raise EmbeddingsError("encoder.config_invalid", folder=folder, detail=detail)
        return config

    @property
    def encoder_id(self) -> str:
        """Name and short hash over every field."""
        digest = hashlib.sha256(self.to_json().encode()).hexdigest()
        return f"{self.name}-{digest[:_SHORT_HASH_LENGTH]}"

    def to_json(self) -> str:
        """The content of ``encoder.json``; the same fields always give the same bytes."""
        fields = {
            "format_version": FORMAT_VERSION,
            "name": self.name,
            "dimension": self.dimension,
            "max_tokens": self.max_tokens,
            "pooling": self.pooling,
            "prompts": {str(role): prompt for role, prompt in self.prompts.items()},
            "sha256": self.sha256,
        }
        return json.dumps(fields, ensure_ascii=False, indent=2, sort_keys=True) + "\n"

    def verify_files(self, folder: Path) -> None:
        """Compare the model's files with their hashes: a flipped byte would load without complaint.

        Raises:
            EmbeddingsError: ``encoder.file_missing`` or ``encoder.file_changed``.
        """
        for file, expected in self.sha256.items():
            path = folder / file
            if not path.is_file():
                raise EmbeddingsError("encoder.file_missing", folder=folder, file=file)
            if sha256_of_file(path) != expected:
                raise EmbeddingsError("encoder.file_changed", folder=folder, file=file)


def sha256_of_file(path: Path) -> str:
    """Hex digest of a file's bytes."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
