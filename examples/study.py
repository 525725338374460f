"""What the studies share: a release opened in DuckDB, and a figure in which Chinese can be read."""

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click
import duckdb
import matplotlib as mpl
import polars as pl

mpl.use("agg")  # files, no window

from matplotlib import font_manager
from matplotlib import pyplot as plt

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from matplotlib.axes import Axes

# With simplified Chinese, in the order of preference; matplotlib knows Noto's collection by its first face.
FONTS = (
    *("Noto Sans CJK SC", "Noto Sans CJK JP", "Source Han Sans SC", "WenQuanYi Zen Hei"),
    *("WenQuanYi Micro Hei", "PingFang SC", "Microsoft YaHei", "SimHei"),
)
COLOURS = ("#1b4f72", "#c0392b", "#d4a017", "#5d8a66", "#7d6b91", "#2e86ab", "#85929e", "#a04000")


def study(command: "Callable[[duckdb.DuckDBPyConnection, Path], None]") -> click.Command:
    """A command of a study: RELEASE is the folder of a data package, OUT the picture to write."""

    @click.command(help=command.__doc__)
    @click.argument("release", type=click.Path(path_type=Path, exists=True, file_okay=False))
    @click.argument("out", type=click.Path(path_type=Path, dir_okay=False))
    def run(release: Path, out: Path) -> None:
        with open_release(release) as connection:
            command(connection, out)
        click.echo(f"wrote {out}")

    return run


def show(frame: pl.DataFrame) -> None:
    """The numbers behind a figure, whole."""
    with pl.Config(tbl_rows=-1, tbl_cols=-1, float_precision=1, tbl_hide_dataframe_shape=True):
        click.echo(frame)


def open_release(folder: Path) -> duckdb.DuckDBPyConnection:
    """Each table of the release under its own name. They are read where they lie, not loaded."""
    connection = duckdb.connect()
    for path in sorted(folder.glob("data/*.parquet")):
        connection.execute(f"CREATE VIEW {path.stem} AS FROM '{path}'")
    return connection


@contextmanager
def figure(out: Path, title: str, source: str) -> "Iterator[Axes]":
    """Axes to draw on; the picture is written at the end."""
    plt.rcParams["font.family"] = [chinese_font(), "DejaVu Sans"]
    drawn, axes = plt.subplots(figsize=(9, 5.2), layout="constrained")
    axes.set_title(title, loc="left", fontsize=13)
    axes.spines[["top", "right"]].set_visible(False)
    drawn.supxlabel(source, x=0.99, ha="right", fontsize=7, color="#666666")
    yield axes
    drawn.savefig(out, dpi=150, metadata={"Software": None})  # the same picture, the same bytes
    plt.close(drawn)


def chinese_font() -> str:
    known = set(font_manager.get_font_names())
    for name in FONTS:
        if name in known:
            return name
    raise click.UsageError("no Chinese font here: install one, such as Debian's fonts-noto-cjk")


def source_of(connection: duckdb.DuckDBPyConnection) -> str:
    """The line under a figure: how many reports of which years."""
    [said] = connection.execute("SELECT count(*), min(year), max(year) FROM reports").fetchall()
    return f"nianbao, {said[0]:,} 份报告 reports, {said[1]}–{said[2]}"
