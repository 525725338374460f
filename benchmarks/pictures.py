"""Pictures of the main pages, from the demo, for the documentation.

    make demo && .venv/bin/python -m benchmarks.pictures [--db URL] [--out docs/pictures]

The demo's sites are invented, and so is every name and figure in the pictures.
"""

import shutil
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from io import BytesIO
from pathlib import Path

import click
from PIL import Image
from playwright.sync_api import Page, sync_playwright
from sqlalchemy import text

from browse.options import Options
from browse.serving import listen, server_of
from browse.snapshots.origins import Origins
from storage.database import Database, open_database

DESK, PHONE = (1200, 800), (390, 760)
COLOURS = 128
REPORT = """
    SELECT report_id, capture_id, url FROM reports WHERE form = '2021'
    ORDER BY checks_failed DESC, cells_read DESC, report_id LIMIT 1"""
CELL = "/proceedings/reconsideration/total"


@click.command()
@click.option("--db", default="sqlite:///data/demo.db", show_default=True, metavar="URL")
@click.option("--out", default="docs/pictures", show_default=True, type=click.Path(path_type=Path))
def main(db: str, out: Path) -> None:
    """Take them all."""
    out.mkdir(parents=True, exist_ok=True)
    with closing(open_database(db)) as database, served(database) as address, opened_page() as page:
        for name, (path, size) in shots(database).items():
            page.set_viewport_size({"width": size[0], "height": size[1]})
            page.goto(f"{address}{path}")
            page.wait_for_load_state("networkidle")
            print(name, save(page.screenshot(), out / f"{name}.png"), "bytes")


def shots(database: Database) -> dict[str, tuple[str, tuple[int, int]]]:
    """By name, the path and the size of the window."""
    with database.read() as connection:
        report = connection.execute(text(REPORT)).one()
    return {
        "overview": ("/", DESK),
        "reports": ("/reports", DESK),
        "report": (f"/reports/{report.report_id}", DESK),
        "source": (f"/reports/{report.report_id}{CELL}", DESK),
        "years": (f"/reports/{report.report_id}/years", DESK),
        "search": ("/search?q=依申请公开", DESK),
        "calendar": (f"/calendar?url={report.url}", DESK),
        "data": ("/data", DESK),
        "source-on-a-phone": (f"/reports/{report.report_id}{CELL}", PHONE),
    }


@contextmanager
def served(database: Database) -> Iterator[str]:
    sockets = listen("127.0.0.1", Origins(0, 0))
    ports = [each.getsockname()[1] for each in sockets]
    server = server_of(database, Options(Origins(*ports)))
    thread = threading.Thread(target=server.run, kwargs={"sockets": sockets})
    thread.start()
    try:
        yield f"http://127.0.0.1:{ports[0]}"
    finally:
        server.should_exit = True
        thread.join()


@contextmanager
def opened_page() -> Iterator[Page]:
    program = shutil.which("chromium") or shutil.which("chromium-browser")
    if program is None:
        raise click.UsageError("there is no Chromium here: install the package chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox", "--disable-gpu"])
        yield browser.new_page()
        browser.close()


def save(picture: bytes, file: Path) -> int:
    """Few colours are enough for writing on white."""
    Image.open(BytesIO(picture)).convert("RGB").quantize(COLOURS).save(file, "PNG", optimize=True)
    return file.stat().st_size


if __name__ == "__main__":
    main()
