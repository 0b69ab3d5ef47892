"""From the encoder setting to an encoder: the shipped model, a folder, or a model's name."""

from pathlib import Path
from typing import Final

from embeddings.encoders.config import CONFIG_FILE
from embeddings.encoders.onnx import OnnxEncoder
from embeddings.encoders.protocol import Encoder
from embeddings.encoders.sentence_transformer import SentenceTransformerEncoder
from embeddings.errors import EmbeddingsError

DEFAULT_SPEC: Final = "default"
DEFAULT_MODEL_FOLDER: Final = Path(__file__).resolve().parent.parent / "models" / "default"


def open_encoder(spec: str, *, n_threads: int) -> Encoder:
    """Open the encoder that a setting names.

    Args:
        spec: ``default`` for the shipped model; a folder with ``encoder.json`` for one written by
            ``embeddings.training.export``; another folder, or a name, for sentence-transformers.
        n_threads: cores to use, at least 1.

    Raises:
        EmbeddingsError: ``encoder.folder_missing`` if ``spec`` is written as a path and nothing is there;
            else what the encoder's own constructor raises.
    """
    folder = DEFAULT_MODEL_FOLDER if spec == DEFAULT_SPEC else Path(spec).expanduser()
    if (folder / CONFIG_FILE).is_file():
        return OnnxEncoder.from_folder(folder, n_threads=n_threads)
    if not folder.is_dir() and (spec == DEFAULT_SPEC or _is_written_as_path(spec)):
        raise EmbeddingsError("encoder.folder_missing", folder=folder)
    return SentenceTransformerEncoder(str(folder) if folder.is_dir() else spec, n_threads=n_threads)


def _is_written_as_path(spec: str) -> bool:
    # A hub name is "name" or "owner/name"; anything deeper, anchored or dotted in front is a path.
    return spec.startswith((".", "~", "/")) or "\\" in spec or spec.count("/") > 1
