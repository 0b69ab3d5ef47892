"""Liveness and readiness, with everything that can be wrong with an index."""

import json
import shutil
import threading
import time
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response

from api import lifecycle
from api.app import create_app
from api.health import NotReady
from embeddings.encoders.open import DEFAULT_MODEL_FOLDER
from recommender.bootstrap import Application
from recommender.services.readiness import ReadinessService
from recommender.settings import Settings
from tests.http.conftest import settings_in
from tests.http.people import ADMIN, token_headers
from tests.http.problems import assert_is_problem, problem_of


@pytest.fixture
def copied(application: Application, tmp_path: Path) -> Iterator[Application]:
    """The library with two generations of its index, to be damaged."""
    folder = tmp_path / "var"
    folder.mkdir()
    with application.database.read():
        shutil.copy(application.settings.var_dir / "matchmaker.db", folder)
    for suffix in ("-wal", "-shm"):
        source = application.settings.var_dir / f"matchmaker.db{suffix}"
        if source.exists():
            shutil.copy(source, folder)
    shutil.copytree(application.settings.snapshot_dir, folder / "snapshots")
    built = Application(settings_in(folder))
    built.indexing.build(actor="test")
    yield Application(settings_in(folder))
    built.database.close()


def settled(client: TestClient) -> Response:
    """The answer once the index is opened or refused; a busy machine takes longer than one check may."""
    for _ in range(20):
        response = client.get("/readyz")
        if [check["name"] for check in response.json()["checks"]] != ["startup"]:
            break
    return response


def not_ready(client: TestClient) -> dict[str, str]:
    """Check a 503 and return the details of what is not in order, by check."""
    return details_of_503(settled(client))


def details_of_503(response: Response) -> dict[str, str]:
    """Check a problem document and return the details of what is not in order, by check."""
    assert response.status_code == 503
    assert response.headers["content-type"] == "application/problem+json"
    document = response.json()
    assert_is_problem(document, NotReady)
    assert document["code"] == "not_ready"
    assert document["ready"] is False
    return {check["name"]: check["detail"] for check in document["checks"] if not check["ok"]}


def ready(client: TestClient) -> dict[str, str]:
    """Check a 200 and return all details by check."""
    response = settled(client)
    assert response.status_code == 200, response.text
    assert response.json()["ready"] is True
    return {check["name"]: check["detail"] for check in response.json()["checks"]}


def test_alive(client: TestClient) -> None:
    response = client.get("/healthz")
    assert (response.status_code, response.json()) == (200, {"status": "ok"})


def test_ready(client: TestClient, application: Application) -> None:
    details = ready(client)
    assert details.keys() == {"schema", "index"}
    assert str(application.snapshots.current()) in details["index"]


def test_alive_but_not_ready_without_anything(tmp_path: Path) -> None:
    with TestClient(create_app(Application(settings_in(tmp_path / "nothing")))) as client:
        assert client.get("/healthz").status_code == 200
        details = not_ready(client)
    assert "matchmaker init" in details["schema"]
    assert "matchmaker index build" in details["index"]


def test_becomes_ready_when_an_index_is_built(empty_application: Application) -> None:
    from tests.http.library import EXPERTS

    with TestClient(create_app(empty_application), headers=token_headers(empty_application, ADMIN)) as client:
        assert not_ready(client).keys() == {"index"}
        with empty_application.database.write() as unit:
            unit.experts.upsert(EXPERTS[:3])
        empty_application.indexing.build(actor="test")
        assert ready(client).keys() == {"schema", "index"}
        assert client.post("/v1/match", json={"text": "冷轧"}).status_code == 200


@pytest.mark.parametrize("damage", ["flip", "remove"])
def test_a_damaged_generation_gives_way_to_the_previous(copied: Application, damage: str) -> None:
    previous, current = copied.snapshots.generations()
    files = [path for path in copied.snapshots.folder(current).rglob("*") if path.is_file()]
    victim = max(files, key=lambda path: path.stat().st_size)
    if damage == "flip":
        content = bytearray(victim.read_bytes())
        content[len(content) // 2] ^= 1
        victim.write_bytes(content)
    else:
        victim.unlink()
    with TestClient(create_app(copied), headers=token_headers(copied, ADMIN)) as client:
        assert victim.name in ready(client)["index"]
        answer = client.post("/v1/match", json={"text": "冷轧边裂", "k": 1}).json()
    assert answer["snapshot_id"] == previous
    assert len(answer["problems"]) == 1
    assert current in answer["problems"][0]
    assert answer["lists"][0]["matches"][0]["id"] in {"ZJ-1", "ZJ-avoids"}


def test_an_index_of_another_encoder_is_refused(copied: Application, tmp_path: Path) -> None:
    model = tmp_path / "model"
    model.mkdir()
    for path in DEFAULT_MODEL_FOLDER.iterdir():
        (model / path.name).symlink_to(path)
    config = json.loads((model / "encoder.json").read_text(encoding="utf-8"))
    config["prompts"]["query"] = "另一种提示："
    (model / "encoder.json").unlink()
    (model / "encoder.json").write_text(json.dumps(config), encoding="utf-8")
    settings = Settings(var_dir=copied.settings.var_dir, database_url="", encoder=str(model), n_threads=1)
    with TestClient(create_app(Application(settings)), headers=token_headers(copied, ADMIN)) as client:
        assert "matchmaker index build" in not_ready(client)["index"]
        response = client.post("/v1/match", json={"text": "冷轧"})
        document = problem_of(response, 503, "snapshot.encoder_differs")
    assert "matchmaker index build" in document["detail"]


class SlowReadiness(ReadinessService):
    """A check that waits until it is let go."""

    go = threading.Event()
    n_checks = 0

    def check(self):  # type: ignore[no-untyped-def]
        """Wait, then check."""
        type(self).n_checks += 1
        self.go.wait(30)
        return super().check()


class SlowApplication(Application):
    """An application whose index takes long to open."""

    @cached_property
    def readiness(self) -> ReadinessService:
        """The slow check."""
        return SlowReadiness(self.database, lambda: self.index_server, lambda: "")


def test_a_slow_check_answers_in_time_and_is_not_repeated(
    application: Application, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lifecycle, "CHECK_SECONDS", 0.1)
    slow = SlowApplication(application.settings)
    for part in ("database", "encoder", "index_server"):
        slow.__dict__[part] = getattr(application, part)
    with TestClient(create_app(slow)) as client:
        assert details_of_503(client.get("/readyz")).keys() == {"startup"}
        assert details_of_503(client.get("/readyz")).keys() == {"startup"}
        assert client.get("/healthz").status_code == 200
        assert SlowReadiness.n_checks == 1
        SlowReadiness.go.set()
        monkeypatch.setattr(lifecycle, "CHECK_SECONDS", 10)
        assert ready(client).keys() == {"schema", "index"}


def test_a_server_that_ends_at_once_leaves_nobody_working(
    empty_application: Application, monkeypatch: pytest.MonkeyPatch
) -> None:
    start = lifecycle._start_workers

    def start_late(application: Application) -> None:
        time.sleep(0.3)
        start(application)

    def working() -> int:
        return sum(thread.name in ("imports", "duplicates") for thread in threading.enumerate())

    monkeypatch.setattr(lifecycle, "_start_workers", start_late)
    before = working()
    with TestClient(create_app(empty_application)):
        time.sleep(0.1)
    time.sleep(0.5)
    assert working() == before
