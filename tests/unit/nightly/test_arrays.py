"""Arrays as bytes and as a folder: they come back as they were, and damage is noticed."""

import shutil
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from recommender.nightly.arrays import folder_hash, from_bytes, read_folder, to_bytes, write_folder

NAMES = st.sampled_from(["sources", "expert.text", "专家", "a", "b"])
DTYPES = st.sampled_from(["<i4", "<f4", "<i8", "|u1", "|b1", "<f8", "<i2"])
ARRAYS = st.dictionaries(
    NAMES, DTYPES.flatmap(lambda dtype: hnp.arrays(dtype, hnp.array_shapes(min_dims=0, min_side=0, max_side=4)))
)
FACTS = {"year": 2026, "城市": ["苏州"], "none": None}


def sample() -> dict[str, npt.NDArray[Any]]:
    return {
        "sources": np.array([1, 5], dtype=np.int32),
        "expert.total": np.array([[0.5, 0.25], [0.0, -0.0]], dtype=np.float32),
        "flags": np.array([True]),
        "none": np.zeros((0, 3)),
    }


def assert_same(found: dict[str, npt.NDArray[Any]], expected: dict[str, npt.NDArray[Any]]) -> None:
    assert found.keys() == expected.keys()
    for name, array in expected.items():
        assert found[name].dtype == array.dtype
        assert found[name].shape == array.shape
        assert found[name].tobytes() == array.tobytes()


class TestBytes:
    @settings(deadline=None)
    @given(arrays=ARRAYS)
    def test_round_trip(self, arrays: dict[str, npt.NDArray[Any]]) -> None:
        content = to_bytes(arrays)
        assert_same(from_bytes(content), arrays)
        assert to_bytes(dict(reversed(arrays.items()))) == content

    def test_what_lies_otherwise_in_memory_gives_the_same_bytes(self) -> None:
        table = np.arange(12, dtype=np.int32).reshape(3, 4)
        assert to_bytes({"a": table.T}) == to_bytes({"a": table.T.copy()}) != to_bytes({"a": table})

    def test_nobody_can_write_into_them(self) -> None:
        found = from_bytes(to_bytes(sample()))
        with pytest.raises(ValueError, match="read-only"):
            found["sources"][0] = 9

    @pytest.mark.parametrize("kept", [0, 4, 8, 30, -9, -1])
    def test_cut_off(self, kept: int) -> None:
        with pytest.raises(ValueError):
            from_bytes(to_bytes(sample())[:kept])

    def test_left_over(self) -> None:
        with pytest.raises(ValueError, match="missing or left over"):
            from_bytes(to_bytes(sample()) + b"\0")

    @settings(deadline=None)
    @given(content=st.binary(max_size=40))
    def test_no_arrays_at_all(self, content: bytes) -> None:
        length = len(content).to_bytes(8, "little")
        for described in (content, length + content):
            with pytest.raises(ValueError):
                from_bytes(described)

    @settings(deadline=None)
    @given(place=st.integers(0, len(to_bytes(sample())) - 1), bit=st.integers(0, 7))
    def test_a_flipped_bit_raises_nothing_but_what_is_promised(self, place: int, bit: int) -> None:
        content = bytearray(to_bytes(sample()))
        content[place] ^= 1 << bit
        with suppress(ValueError):
            from_bytes(bytes(content))


def flipped(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def cut_off(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1])


class TestFolder:
    @given(arrays=ARRAYS)
    @settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
    def test_round_trip(self, tmp_path: Path, arrays: dict[str, npt.NDArray[Any]]) -> None:
        folder = tmp_path / "folder"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        written = write_folder(folder, arrays, FACTS)
        found, facts = read_folder(folder)
        assert_same(found, arrays)
        assert facts == FACTS
        assert folder_hash(folder) == written

    def test_the_hash_says_what_is_inside(self, tmp_path: Path) -> None:
        hashes = []
        other = sample() | {"flags": np.array([False])}
        written = [(sample(), FACTS), (sample(), FACTS), (sample(), {}), (other, FACTS)]
        for number, (arrays, facts) in enumerate(written):
            folder = tmp_path / str(number)
            folder.mkdir()
            hashes.append(write_folder(folder, arrays, facts))
        assert hashes[0] == hashes[1]
        assert len(set(hashes)) == 3

    @pytest.mark.parametrize("name", ["arrays.json", "sources.npy", "expert.total.npy", "none.npy"])
    @pytest.mark.parametrize("damage", [flipped, cut_off, Path.unlink])
    def test_damage_is_noticed(self, tmp_path: Path, name: str, damage: Callable[[Path], None]) -> None:
        written = write_folder(tmp_path, sample(), FACTS)
        damage(tmp_path / name)
        assert folder_hash(tmp_path) != written

    def test_every_flipped_byte_is_noticed(self, tmp_path: Path) -> None:
        written = write_folder(tmp_path, sample(), FACTS)
        for path in list(tmp_path.iterdir()):
            whole = path.read_bytes()
            for place in range(len(whole)):
                path.write_bytes(whole[:place] + bytes([whole[place] ^ 4]) + whole[place + 1 :])
                assert folder_hash(tmp_path) != written, (path.name, place)
            path.write_bytes(whole)
        assert folder_hash(tmp_path) == written

    def test_an_array_that_is_damaged_has_no_hash_at_all(self, tmp_path: Path) -> None:
        write_folder(tmp_path, sample(), FACTS)
        flipped(tmp_path / "sources.npy")
        assert folder_hash(tmp_path) is None
        assert folder_hash(tmp_path / "nowhere") is None

    def test_objects_are_never_written(self, tmp_path: Path) -> None:
        with pytest.raises(ValueError, match="allow_pickle"):
            write_folder(tmp_path, {"a": np.array([{}], dtype=object)}, {})
