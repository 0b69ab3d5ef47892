"""Files that were sent are deleted when somebody is erased: nobody can be looked for in a packed workbook."""

from datetime import timedelta

from recommender.domain.import_jobs import JobState
from tests.unit.services.import_jobs.town import GOOD, Town


def test_all_files_from_before_go(town: Town) -> None:
    job = town.send(GOOD)
    source = town.uploads.folder(job.id).source
    assert town.uploads.remove_all(town.now - timedelta(days=400)) == 0
    assert source.is_file()
    assert town.uploads.remove_all(town.now + timedelta(days=36_500)) == 1
    assert not source.exists()
    assert town.jobs.get(town.whole, job.id).job.state is JobState.EXPIRED
