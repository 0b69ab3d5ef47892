"""Each file of the corpus gets the right answer, soon, in little memory, and nothing is written or touched."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from recommender.domain.messages import ERRORS

from . import archives, markup, places, tables, texts
from .cases import Case, Reads, Refused, RowErrors
from .conftest import ROOT, Clerk

CASES = [
    pytest.param(case, id=f"{module.__name__.rpartition('.')[2]}-{case.name}")
    for module in (archives, markup, tables, texts, places)
    for case in module.CASES
]
MAX_SECONDS = 2.0
"""Of processor time, which is the time an answer takes on a machine that has nothing else to do."""
MAX_WALL_SECONDS = 30.0
MAX_GROWN_MB = 300.0
MIN_CASES = 100


def test_the_corpus_is_large_and_its_names_are_its_own() -> None:
    ids = [param.id for param in CASES]
    assert len(set(ids)) == len(ids) >= MIN_CASES


@pytest.mark.parametrize("case", CASES)
def test_each_file_is_answered(case: Case, clerk: Clerk, folder: Path) -> None:
    path = case.make(folder)
    before = clerk.library()
    command = "check" if isinstance(case.expected, Reads) else "apply"
    answer = clerk.ask("import", command, case.kind, path, "--json")
    assert clerk.library() == before, "something was written"
    assert answer["touched"] == []
    assert "Traceback" not in answer["err"]
    judge(answer, case.expected)
    assert answer["seconds"] < MAX_SECONDS
    assert answer["wall_seconds"] < MAX_WALL_SECONDS
    assert answer["grown_mb"] < MAX_GROWN_MB


def judge(answer: dict[str, Any], expected: Refused | RowErrors | Reads) -> None:
    """Compare an answer with what is expected."""
    if isinstance(expected, Refused):
        judge_refusal(answer, expected)
        return
    report = json.loads(answer["out"])
    errors = tuple((error["row"], error["column"], error["code"]) for error in report["errors"])
    if isinstance(expected, RowErrors):
        assert errors == expected.errors
        assert (answer["code"], report["outcome"], report["n_written"]) == (1, "refused", 0)
        assert all(error["message"].endswith("。") and error["suggestion"] for error in report["errors"])
        assert "没有写入" in report["summary"]
        return
    assert errors == ()
    assert tuple(tuple(row["cells"]) for row in report["preview"]["rows"]) == expected.rows
    assert {row["state"] for row in report["preview"]["rows"]} == {"新增"}
    assert report["header_row"] == expected.header_row
    assert tuple(warning["code"] for warning in report["warnings"]) == expected.warnings
    assert tuple(report["unknown_columns"]) == expected.unknown
    assert (answer["code"], report["n_new"]) == (0, len(expected.rows))


def judge_refusal(answer: dict[str, Any], expected: Refused) -> None:
    """One sentence on the error output, the one of the code, and nothing else."""
    sentence = answer["err"].strip()
    pattern = re.sub(r"\\\{\w+\\\}", ".*", re.escape(ERRORS[expected.code]))
    assert re.fullmatch(pattern, sentence), sentence
    assert all(fact in sentence for fact in expected.says), sentence
    assert answer["out"] == ""
    assert answer["code"] == expected.exit_code


def test_touching_anything_else_is_noticed(tmp_path: Path) -> None:
    subject, other = tmp_path / "subject.csv", tmp_path / "other.csv"
    for path in (subject, other):
        path.write_text("x", encoding="utf-8")
    script = (
        "import pathlib, socket, sys; from tests.hostile.clerk import watch\n"
        "subject, other = map(pathlib.Path, sys.argv[1:]); touched = watch(subject)\n"
        "subject.read_text(); assert touched == [], touched\n"
        "other.read_text(); subject.open('ab').close(); other.unlink()\n"
        "socket.socket().connect_ex(('127.0.0.1', 9))\n"
        "print(*(line.split()[0] for line in touched))\n"
    )
    command = [sys.executable, "-c", script, str(subject), str(other)]
    environment = {**os.environ, "MATCHMAKER_VAR_DIR": str(tmp_path / "var")}
    said = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True)
    assert said.stdout.split() == ["open", "open", "os.remove", "socket.__new__", "socket.connect"]


def test_the_judge_is_not_content_with_anything() -> None:
    sentence = ERRORS["import.file_empty"].format(name="x.csv")
    answer = {"code": 1, "out": "", "err": sentence + "\n"}
    judge(answer, Refused("import.file_empty"))
    for wrong in ({"code": 0}, {"err": ""}, {"err": sentence + sentence + "\nTraceback"}, {"out": "x"}):
        with pytest.raises(AssertionError):
            judge({**answer, **wrong}, Refused("import.file_empty"))
    with pytest.raises(AssertionError):
        judge(answer, Refused("import.file_is_xls"))
    with pytest.raises(AssertionError):
        judge(answer, Refused("import.file_empty", says=("y.csv",)))
