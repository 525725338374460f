"""What the commands about releases share."""

from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.errors import UsageProblem

if TYPE_CHECKING:
    from storage.export.released import Release


def need_pyarrow() -> None:
    if find_spec("pyarrow") is None:
        raise UsageProblem(
            "Parquet needs pyarrow: install nianbao with its extra, `uv sync --inexact --extra release`"
        )


def released(folder: Path) -> "Release":
    from storage.export.released import open_release

    with refusing_releases():
        return open_release(folder)


@contextmanager
def refusing_releases() -> Iterator[None]:
    """A release that cannot be used is the caller's mistake."""
    from storage.export.released import ReleaseError

    try:
        yield
    except ReleaseError as error:
        raise UsageProblem(str(error)) from error
