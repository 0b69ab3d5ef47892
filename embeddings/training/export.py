"""``python -m embeddings.training.export SOURCE_FOLDER OUT_FOLDER``: the folder that is shipped.

The same source gives the same bytes, so a model in the repository can be rebuilt and compared.
"""

import argparse
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from embeddings.encoders.config import CONFIG_FILE, MODEL_FILE, TOKENIZER_FILE, EncoderConfig, sha256_of_file
from embeddings.training.bert_source import BertSource, UnsupportedModelError
from embeddings.training.calibration import input_peaks
from embeddings.training.linear_writers import Int8Linear
from embeddings.training.model_card import CARD_FILE, LICENCE_FILE, licence_text, model_card
from embeddings.training.onnx_graph import build_bert_graph

DEFAULT_MAX_TOKENS: Final = 256


@dataclass(frozen=True, slots=True)
class ExportOptions:
    """What the source does not decide."""

    name: str
    max_tokens: int = DEFAULT_MAX_TOKENS


def export_model(source_folder: Path, out_folder: Path, *, options: ExportOptions) -> EncoderConfig:
    """Write model, tokenizer, ``encoder.json``, card and licence into ``out_folder``.

    Raises:
        UnsupportedModelError: the source cannot be rewritten faithfully.
    """
    source = BertSource.from_folder(source_folder)
    if options.max_tokens > source.n_positions:
        raise UnsupportedModelError(f"{options.max_tokens} tokens asked for, {source.n_positions} positions")
    out_folder.mkdir(parents=True, exist_ok=True)
    model = build_bert_graph(source, Int8Linear(input_peaks(source)))
    (out_folder / MODEL_FILE).write_bytes(model.SerializeToString(deterministic=True))
    (out_folder / TOKENIZER_FILE).write_text(_compact_tokenizer(source.tokenizer_json), encoding="utf-8")
    config = EncoderConfig(
        name=options.name,
        dimension=source.dimension,
        max_tokens=options.max_tokens,
        pooling="mean",
        prompts=source.prompts,
        sha256={file: sha256_of_file(out_folder / file) for file in (MODEL_FILE, TOKENIZER_FILE)},
    )
    (out_folder / CONFIG_FILE).write_text(config.to_json(), encoding="utf-8")
    (out_folder / CARD_FILE).write_text(model_card(config), encoding="utf-8")
    (out_folder / LICENCE_FILE).write_text(licence_text(), encoding="utf-8")
    return config


def _compact_tokenizer(tokenizer_json: str) -> str:
    """Without indentation: half the size. Truncation and padding belong to the encoder."""
    content = json.loads(tokenizer_json) | {"truncation": None, "padding": None}
    return json.dumps(content, ensure_ascii=False, separators=(",", ":"))


def main() -> None:
    """Read the command line and export."""
    parser = argparse.ArgumentParser(description="Export a sentence-transformers BERT to int8 ONNX.")
    parser.add_argument("source", type=Path, help="sentence-transformers folder")
    parser.add_argument("out", type=Path, help="folder to write, made if missing")
    parser.add_argument("--name", help="name in encoder_id; default: the source folder's name and -int8")
    parser.add_argument("--max-tokens", type=int, default=DEFAULT_MAX_TOKENS)
    arguments = parser.parse_args()
    name = arguments.name or f"{arguments.source.resolve().name}-int8"
    options = ExportOptions(name=name, max_tokens=arguments.max_tokens)
    config = export_model(arguments.source, arguments.out, options=options)
    n_bytes = sum(path.stat().st_size for path in arguments.out.iterdir())
    print(f"{config.encoder_id}: {n_bytes / 1e6:.1f} MB in {arguments.out}")


if __name__ == "__main__":
    main()
