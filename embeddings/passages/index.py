"""The searchable content of one part of a generation: vectors, words, texts and owners of its passages.

A part is complete in itself: what other parts hold changes none of its files and none of its scores.
"""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from embeddings.errors import EmbeddingsError
from embeddings.lexical.bm25 import Bm25Index
from embeddings.passages import files
from embeddings.passages.earlier import content_digests
from embeddings.passages.files import load_array, read_words, save_array, write_words
from embeddings.passages.links import OwnerLinks
from embeddings.passages.passage import Passage
from embeddings.passages.texts import PassageTexts, write_texts
from embeddings.text.tokens import TokenTable
from embeddings.types import FloatMatrix
from embeddings.vectors.flat import FlatVectorIndex
from embeddings.vectors.protocol import VectorIndex, check_unit_rows


@dataclass(frozen=True, slots=True)
class PassageIndex:
    """Everything needed to rank the entities of every group for a query.

    Row ``r`` of :attr:`vectors`, :attr:`lexical` and :attr:`texts` is the same passage.
    """

    vectors: VectorIndex
    lexical: Bm25Index
    texts: PassageTexts
    links: Mapping[str, OwnerLinks]

    @property
    def matrix(self) -> FloatMatrix:
        """``(passages, dimension)`` unit rows, as they lie; not to be written to."""
        return self.vectors.matrix


def write_index(
    folder: Path, passages: Sequence[Passage], vectors: FloatMatrix, tokens: TokenTable
) -> dict[str, int]:
    """Write the files of a part and return its counts: ``passages``, and entities by group.

    The same passages give the same bytes.

    Args:
        folder: empty folder, the part's own.
        passages: in index order.
        vectors: ``(passages, dimension)`` unit rows.
        tokens: of each passage, for the lexical index.

    Raises:
        EmbeddingsError: ``index.duplicate_ids`` or ``index.bad_vectors``; nothing was written.
    """
    _check_ids(passages)
    check_unit_rows(vectors)
    save_array(folder / files.VECTORS, vectors)
    save_array(folder / files.DIGESTS, content_digests(passages))
    _write_words(folder, tokens.canonical())
    write_texts(folder, passages)
    return {"passages": len(passages)} | _write_links(folder, passages)


def read_index(folder: Path, *, mapped: bool = False) -> PassageIndex:
    """Open what :func:`write_index` wrote; the caller has verified the manifest.

    Args:
        folder: of the part.
        mapped: leave the arrays on disk and map them: many processes then share one copy, and what is not
            touched is not read. Whoever changes the files in place changes what such an index answers.

    Raises:
        EmbeddingsError: ``index.bad_vectors``.
    """
    load = partial(load_array, mapped=mapped)
    texts = PassageTexts(folder)
    lexical = Bm25Index(
        n_passages=len(texts),
        vocabulary={word: column for column, word in enumerate(read_words(folder))},
        pair_keys=load(folder / files.PAIR_KEYS),
        column_starts=load(folder / files.COLUMN_STARTS),
        rows=load(folder / files.LEXICAL_ROWS),
        weights=load(folder / files.LEXICAL_WEIGHTS),
    )
    entities: dict[str, list[str]] = json.loads((folder / files.ENTITIES).read_text(encoding="utf-8"))
    links = {
        group: OwnerLinks(tuple(ids), *(load(folder / name) for name in files.link_files(group)))
        for group, ids in entities.items()
    }
    return PassageIndex(FlatVectorIndex(load(folder / files.VECTORS)), lexical, texts, links)


def _check_ids(passages: Sequence[Passage]) -> None:
    counts = Counter(passage.id for passage in passages)
    repeated = sorted(identifier for identifier, count in counts.items() if count > 1)
    if repeated:
        raise EmbeddingsError("index.duplicate_ids", ids="、".join(repeated[:5]))


def _write_words(folder: Path, tokens: TokenTable) -> None:
    lexical = Bm25Index.build(tokens)
    write_words(folder, tokens.words)
    save_array(folder / files.WORD_NUMBERS, tokens.numbers)
    save_array(folder / files.WORD_STARTS, tokens.starts)
    save_array(folder / files.PAIR_KEYS, lexical.pair_keys)
    save_array(folder / files.COLUMN_STARTS, lexical.column_starts)
    save_array(folder / files.LEXICAL_ROWS, lexical.rows)
    save_array(folder / files.LEXICAL_WEIGHTS, lexical.weights)


def _write_links(folder: Path, passages: Sequence[Passage]) -> dict[str, int]:
    """Write who owns which passage and return the number of entities by group."""
    entities: dict[str, tuple[str, ...]] = {}
    for group in sorted({group for passage in passages for group in passage.owners}):
        links = OwnerLinks.build([passage.owners.get(group, ()) for passage in passages])
        for name, array in zip(files.link_files(group), (links.starts, links.passages), strict=True):
            save_array(folder / name, array)
        entities[group] = links.entity_ids
    (folder / files.ENTITIES).write_text(json.dumps(entities, ensure_ascii=False), encoding="utf-8")
    return {group: len(ids) for group, ids in entities.items()}
