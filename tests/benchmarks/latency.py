"""Latency of ``POST /v1/match`` over a real socket, encoding included.

    python -m tests.benchmarks.latency --var-dir DIR [--real-kit DIR] [--json]

One uvicorn worker on loopback serves an existing var folder. Every stored need is sent once as free text,
title and description apart, for all three kinds, one request after the other. A serial number is appended to
title and description: no text was ever seen before, so no vector comes from the vector cache. A few tokens
more are encoded for it, which makes the figures slightly worse, never better.

Ends with 1 where the median or the 95th percentile is over its limit.
"""

import argparse
import json
import os
import platform
import secrets
import statistics
import sys
import time
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import httpx2

from recommender.bootstrap import Application
from recommender.domain.accounts import AccountDraft, Actor, Permission, Role
from recommender.domain.entities import Need
from recommender.domain.errors import NotFound
from recommender.settings import Settings
from tests.http.server import running_server

P50_LIMIT_MS: Final = 60.0
P95_LIMIT_MS: Final = 150.0
N_WARM_UP: Final = 20
MAX_REQUESTS: Final = 1000
K: Final = 10
KIT_FILES: Final = (
    ("enterprises", "enterprises.csv"),
    ("experts", "experts.csv"),
    ("platforms", "platforms.csv"),
    ("achievements", "achievements_papers.csv"),
    ("achievements", "achievements_patents.csv"),
    ("achievement-platforms", "achievement_platforms.csv"),
    ("needs", "needs.csv"),
)


@dataclass(frozen=True, slots=True)
class Latency:
    """What was measured; times in milliseconds, smaller is better."""

    p50_ms: float
    p95_ms: float
    p99_ms: float
    max_ms: float
    n_requests: int
    mean_chars: float
    index_counts: dict[str, int]
    cpu: str
    n_cores: int
    load_before: float
    measured_at: str

    @property
    def within_limits(self) -> bool:
        """Whether median and 95th percentile keep their limits."""
        return self.p50_ms <= P50_LIMIT_MS and self.p95_ms <= P95_LIMIT_MS


def measure(var_dir: Path) -> Latency:
    """Serve the folder and time its needs.

    Raises:
        SystemExit: there is nothing to send.
    """
    application = Application(Settings(var_dir=var_dir))
    with application.database.read() as unit:
        needs = list(unit.needs.iterate())[:MAX_REQUESTS]
    if len(needs) < 2:
        raise SystemExit(f"{var_dir} 中没有足够的需求。请先导入数据并建立索引，或加上 --real-kit 目录。")
    current = next(found for found in application.indexing.generations() if found.is_current)
    headers = _program(application)
    application.database.close()
    load = os.getloadavg()[0]
    with (
        running_server(var_dir, rate_per_minute="0") as server,
        httpx2.Client(base_url=server.url, headers=headers, timeout=60) as client,
    ):
        for n in range(N_WARM_UP):
            _timed(client, needs[n % len(needs)])
        times = [_timed(client, need) for need in needs]
    percentiles = statistics.quantiles(times, n=100, method="inclusive")
    return Latency(
        p50_ms=percentiles[49],
        p95_ms=percentiles[94],
        p99_ms=percentiles[98],
        max_ms=max(times),
        n_requests=len(times),
        mean_chars=statistics.mean(len(need.title) + len(need.description) for need in needs),
        index_counts=dict(current.counts),
        cpu=_cpu(),
        n_cores=os.cpu_count() or 1,
        load_before=load,
        measured_at=datetime.now(UTC).isoformat(timespec="minutes"),
    )


def _program(application: Application) -> dict[str, str]:
    """What a program that may match sends with every request."""
    operator, name = Actor.trusted("benchmark"), "benchmark-latency"
    try:
        account = application.accounts.get(operator, name)
    except NotFound:
        draft = AccountDraft(login_name=name, display_name=name, role=Role.SERVICE)
        account = application.accounts.create(operator, draft, None).account
    scopes = frozenset({Permission.MATCH})
    new = application.tokens.create(operator, "latency", scopes, days=1, account_id=account.id)
    return {"Authorization": f"Bearer {new.secret}"}


def _timed(client: httpx2.Client, need: Need) -> float:
    serial = secrets.token_hex(4)
    body = {"title": f"{need.title} {serial}", "text": f"{need.description} {serial}", "k": K}
    started = time.perf_counter()
    response = client.post("/v1/match", json=body)
    elapsed_ms = (time.perf_counter() - started) * 1000
    if response.status_code != 200:
        raise SystemExit(f"需求 {need.id} 未得到结果：{response.text}")
    return elapsed_ms


def load_kit(kit: Path, var_dir: Path) -> None:
    """Import the kit and build the index, unless the folder has needs already."""
    application = Application(Settings(var_dir=var_dir))
    application.database.upgrade()
    with application.database.read() as unit:
        is_filled = unit.needs.count() > 0
    if not is_filled:
        for kind, name in KIT_FILES:
            application.imports.apply(kind, kit / name, actor="benchmark", valid_only=True)
        application.indexing.build(actor="benchmark")
    application.database.close()


def _cpu() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor()
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "")


def report(found: Latency) -> str:
    """The figures for a reader."""
    counts = "，".join(f"{name} {count:,}" for name, count in found.index_counts.items())
    return "\n".join(
        [
            f"POST /v1/match（三类对象，每类 {K} 条，含编码，逐个发送）",
            f"  p50 {found.p50_ms:.1f} ms（上限 {P50_LIMIT_MS:.0f}）  p95 {found.p95_ms:.1f} ms"
            f"（上限 {P95_LIMIT_MS:.0f}）  p99 {found.p99_ms:.1f} ms  最长 {found.max_ms:.1f} ms",
            f"  请求 {found.n_requests} 个，平均 {found.mean_chars:.0f} 字；每个文本都加了序号，向量不取自缓存",
            f"  索引：{counts}",
            f"  {found.cpu}，{found.n_cores} 核，测量前负载 {found.load_before:.1f}，{found.measured_at}",
            "  符合要求" if found.within_limits else "  超过上限",
        ]
    )


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="测量匹配接口的延迟")
    parser.add_argument("--var-dir", type=Path, required=True, help="已有数据库与索引的运行目录")
    parser.add_argument("--real-kit", type=Path, help="运行目录为空时，先从这个目录导入并建立索引")
    parser.add_argument("--json", action="store_true", help="以 JSON 输出")
    chosen = parser.parse_args()
    if chosen.real_kit is not None:
        load_kit(chosen.real_kit, chosen.var_dir)
    found = measure(chosen.var_dir)
    print(json.dumps(asdict(found), ensure_ascii=False) if chosen.json else report(found))
    return 0 if found.within_limits else 1


if __name__ == "__main__":
    sys.exit(main())
