"""A release made again from the captures alone: the archive is played back run by run."""

from contextlib import closing
from pathlib import Path

from pipeline.codebook import dictionary
from pipeline.progress import Tell
from pipeline.reading import read_captures
from storage.coverage import refresh_coverage
from storage.database import Database, open_database
from storage.export.datapackage import export_datapackage
from storage.export.released import Release, ReleaseError, open_release, refuse_another_archive
from storage.export.replay import copy_registry, copy_reviews, copy_run, copy_what_runs_share, sealed_runs
from storage.export.selection import Selection


def rebuild(
    archive: Database, release: Release, folder: Path, workers: int, earlier: Release | None, tell: Tell
) -> Release:
    """Make `folder`/release from a database of its own beside it. Raises ReleaseError where the release is of
    another archive, or tells of changes since another than `earlier`.
    """
    refuse_wrong_earlier(release, earlier)
    with archive.read() as connection:
        refuse_another_archive(connection, release)
    with closing(open_database(f"sqlite:///{folder}/rebuilt.db")) as database:
        play_back(archive, database, release, workers, tell)
        refresh_coverage(database)
        selection = Selection(**release.made_from["selection"])
        export_datapackage(database, folder / "release", selection, dictionary(), tell, earlier)
    return open_release(folder / "release")


def refuse_wrong_earlier(release: Release, earlier: Release | None) -> None:
    since = release.made_from.get("since", {}).get("digest")
    if since and earlier is None:
        raise ReleaseError(f"{release.folder}: tells of changes; name the release before it with --since")
    if earlier and earlier.digest != since:
        raise ReleaseError(f"{earlier.folder}: is not the release that {release.folder} was held against")


def play_back(archive: Database, database: Database, release: Release, workers: int, tell: Tell) -> None:
    last_run, last_review = (release.made_from[name] for name in ("run_id", "last_review"))
    with archive.read() as ours:
        with database.write() as theirs:
            copy_what_runs_share(ours, theirs)
            copy_registry(ours, theirs, last_run, until=release.descriptor["created"])
        played = sealed_runs(ours, last_run)
        for done, run in enumerate(played, 1):
            with database.write() as theirs:
                copy_reviews(ours, theirs, last_review, until=run.started_at)
                copy_run(ours, theirs, run.run_id)
            if run.is_read:
                read_captures(database, workers=workers, tell=tell)
            tell("runs", done, len(played))
        with database.write() as theirs:
            copy_reviews(ours, theirs, last_review, until=FOREVER)
    read_captures(database, workers=workers, tell=tell)


FOREVER = "9999"  # later than any ISO 8601 time
