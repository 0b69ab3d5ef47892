"""Every error code has a sentence, every sentence a use, and each says what to do."""

import re
import string
from pathlib import Path

import pytest

from embeddings.messages import MESSAGES
from recommender.domain.messages import ERRORS

ROOT = Path(__file__).parents[2]
RAISED = re.compile(
    r"(?:EmbeddingsError|InvalidInput|InvalidData|NotFound|NotSignedIn|Forbidden|Outdated|VersionMissing|TooMany"
    r"|Conflict|BatchConflict|Unavailable)\(\s*\"([a-z_.]+)\""
)
ACTIONS = ("请", "可以", "可选")


def source() -> str:
    files = [path for name in ("embeddings", "recommender", "api") for path in (ROOT / name).rglob("*.py")]
    return "\n".join(path.read_text(encoding="utf-8") for path in files)


def test_every_raised_code_has_a_sentence() -> None:
    codes = set(RAISED.findall(source()))
    assert len(codes) > 20
    assert codes - set(MESSAGES) - set(ERRORS) == set()


@pytest.mark.parametrize("catalogue", [MESSAGES, ERRORS])
def test_every_sentence_is_used(catalogue: dict[str, str]) -> None:
    text = source()
    unused = [code for code in catalogue if text.count(f'"{code}"') < 2]
    assert unused == []


@pytest.mark.parametrize(("code", "sentence"), [*MESSAGES.items(), *ERRORS.items()])
def test_every_sentence_names_what_to_do(code: str, sentence: str) -> None:
    assert any(action in sentence for action in ACTIONS), code
    assert sentence.endswith("。"), code
    assert all(name is None or name.isidentifier() for _, name, _, _ in string.Formatter().parse(sentence))
