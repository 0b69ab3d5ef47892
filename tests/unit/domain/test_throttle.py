"""Pauses after wrong passwords: free at first, then doubling, then forgotten."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recommender.domain.throttle import BY_ADDRESS, BY_NAME, Attempts, ThrottlePolicy

NOW = datetime(2026, 11, 28, 8, tzinfo=UTC)
SECOND = timedelta(seconds=1)
POLICY = ThrottlePolicy(free=3, first=2 * SECOND, longest=60 * SECOND, memory=3600 * SECOND)


@pytest.mark.parametrize(
    ("failures", "seconds"), [(0, 0), (3, 0), (4, 2), (5, 4), (6, 8), (7, 16), (8, 32), (9, 60), (1000, 60)]
)
def test_pauses_double_up_to_the_longest(failures: int, seconds: int) -> None:
    assert POLICY.pause_after(failures) == seconds * SECOND


def test_a_pause_counts_from_the_last_attempt() -> None:
    attempts = Attempts(failures=5, last_at=NOW)
    assert POLICY.wait(attempts, NOW) == 4 * SECOND
    assert POLICY.wait(attempts, NOW + 3 * SECOND) == SECOND
    assert POLICY.wait(attempts, NOW + 4 * SECOND) == timedelta(0)
    assert POLICY.wait(None, NOW) == timedelta(0)


def test_failures_are_forgotten_after_a_while() -> None:
    attempts = Attempts(failures=9, last_at=NOW)
    assert POLICY.counted(attempts, NOW + POLICY.memory - SECOND).failures == 10
    assert POLICY.counted(attempts, NOW + POLICY.memory).failures == 1
    assert POLICY.counted(None, NOW) == Attempts(failures=1, last_at=NOW)


@pytest.mark.parametrize("policy", [BY_NAME, BY_ADDRESS])
@given(failures=st.integers(0, 10**9))
def test_more_failures_never_mean_a_shorter_pause(policy: ThrottlePolicy, failures: int) -> None:
    assert policy.pause_after(failures) <= policy.pause_after(failures + 1) <= policy.longest < policy.memory


def test_guessing_one_name_is_slow() -> None:
    """What a day of guessing without rest comes to."""
    now, n_guesses, attempts = NOW, 0, None
    while now < NOW + timedelta(days=1):
        now += BY_NAME.wait(attempts, now)
        attempts = BY_NAME.counted(attempts, now)
        n_guesses += 1
    assert n_guesses < 120
