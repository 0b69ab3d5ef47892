"""The searchable content of one part of a generation: vectors, words, texts and owners of its passages.

A part is complete in itself: what other parts hold changes none of its files and none of its scores.
"""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from embeddings.errors import EmbeddingsError
from embeddings.lexical.bm25 import Bm25Index
from embeddings.passages.links import OwnerLinks
from embeddings.passages.passage import Passage
from embeddings.passages.texts import PassageTexts, write_texts
from embeddings.types import FloatMatrix
from embeddings.vectors.flat import FlatVectorIndex
from embeddings.vectors.protocol import VectorIndex, check_unit_rows

_VECTORS = "vectors.npy"
_VOCABULARY = "lexical_vocabulary.json"
_COLUMN_STARTS = "lexical_starts.npy"
_LEXICAL_ROWS = "lexical_rows.npy"
_LEXICAL_WEIGHTS = "lexical_weights.npy"
_ENTITIES = "entities.json"


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
    folder: Path, passages: Sequence[Passage], vectors: FloatMatrix, tokens: Sequence[Sequence[str]]
) -> dict[str, int]:
    """Write the files of a part and return its counts: ``passages``, and entities by group.

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
    np.save(folder / _VECTORS, vectors, allow_pickle=False)
    _write_lexical(folder, Bm25Index.build(tokens))
    write_texts(folder, passages)
    groups = sorted({group for passage in passages for group in passage.owners})
    entities = {}
    for group in groups:
        links = OwnerLinks.build([passage.owners.get(group, ()) for passage in passages])
        np.save(folder / f"links_{group}_starts.npy", links.starts, allow_pickle=False)
        np.save(folder / f"links_{group}_passages.npy", links.passages, allow_pickle=False)
        entities[group] = links.entity_ids
    (folder / _ENTITIES).write_text(json.dumps(entities, ensure_ascii=False), encoding="utf-8")
    return {"passages": len(passages), **{group: len(ids) for group, ids in entities.items()}}


def read_index(folder: Path, *, mapped: bool = False) -> PassageIndex:
    """Open what :func:`write_index` wrote; the caller has verified the manifest.

    Args:
        folder: of the part.
        mapped: leave the arrays on disk and map them: many processes then share one copy, and what is not
            touched is not read. Whoever changes the files in place changes what such an index answers.

    Raises:
        EmbeddingsError: ``index.bad_vectors``.
    """
    load = partial(_load, mapped=mapped)
    entities = json.loads((folder / _ENTITIES).read_text(encoding="utf-8"))
    links = {
        group: OwnerLinks(
            entity_ids=tuple(ids),
            starts=load(folder / f"links_{group}_starts.npy"),
            passages=load(folder / f"links_{group}_passages.npy"),
        )
        for group, ids in entities.items()
    }
    words = json.loads((folder / _VOCABULARY).read_text(encoding="utf-8"))
    texts = PassageTexts(folder)
    lexical = Bm25Index(
        n_passages=len(texts),
        vocabulary={word: column for column, word in enumerate(words)},
        column_starts=load(folder / _COLUMN_STARTS),
        rows=load(folder / _LEXICAL_ROWS),
        weights=load(folder / _LEXICAL_WEIGHTS),
    )
    return PassageIndex(FlatVectorIndex(load(folder / _VECTORS)), lexical, texts, links)


def _load(file: Path, *, mapped: bool) -> npt.NDArray[Any]:
    # As a plain array: numpy's own type for mapped files makes every slice slower.
    return np.asarray(np.load(file, mmap_mode="r" if mapped else None, allow_pickle=False))


def _check_ids(passages: Sequence[Passage]) -> None:
    counts = Counter(passage.id for passage in passages)
    repeated = sorted(identifier for identifier, count in counts.items() if count > 1)
    if repeated:
        raise EmbeddingsError("index.duplicate_ids", ids="、".join(repeated[:5]))


def _write_lexical(folder: Path, lexical: Bm25Index) -> None:
    (folder / _VOCABULARY).write_text(json.dumps(list(lexical.vocabulary), ensure_ascii=False), encoding="utf-8")
    np.save(folder / _COLUMN_STARTS, lexical.column_starts, allow_pickle=False)
    np.save(folder / _LEXICAL_ROWS, lexical.rows, allow_pickle=False)
    np.save(folder / _LEXICAL_WEIGHTS, lexical.weights, allow_pickle=False)
