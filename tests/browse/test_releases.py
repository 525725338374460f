"""Releases as downloads: what a package names, from inside it, and nothing else."""

import hashlib
import json

import pytest
from starlette.testclient import TestClient

from browse.app import make_app
from browse.options import Options

CSV = b"report_id,year\r\na,2023\r\n"
SEAL = "5ea1" * 16


def write_release(folder, *paths, **more):
    """A package with the same small table at each path."""
    digest = hashlib.sha256(CSV).hexdigest()
    resources = [
        {"path": path, "title": "报告", "bytes": len(CSV), "hash": f"sha256:{digest}"} for path in paths
    ]
    for path in paths:
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(CSV)
    made = {"title": "年报数据", "created": "2026-02-01T12:30:00.000Z", "nianbao": {"seal": SEAL}}
    folder.mkdir(exist_ok=True)
    folder.joinpath("datapackage.json").write_text(json.dumps(made | {"resources": resources} | more))


@pytest.fixture(scope="module")
def shelf(tmp_path_factory):
    shelf = tmp_path_factory.mktemp("releases")
    write_release(shelf / "2026-02", "data/reports.csv")
    write_release(shelf / "2025 旧", "data/reports.csv", created="2025-02-01T00:00:00.000Z")
    (shelf / "2026-02" / "notes.txt").write_text("not named")
    (shelf / "broken").mkdir()
    (shelf / "broken" / "datapackage.json").write_text('{"title": 1')
    secret = tmp_path_factory.mktemp("elsewhere")
    (secret / "secret.csv").write_text("secret")
    write_release(secret / "outside", "data/reports.csv")
    write_release(shelf / "links", "../secret.csv", "linked.csv")
    (shelf / "links" / "linked.csv").unlink()
    (shelf / "links" / "linked.csv").symlink_to(secret / "secret.csv")
    (shelf / "link").symlink_to(secret / "outside")
    return shelf


def client_of(keep, shelf):
    app = make_app(keep.database, Options(names=("testserver",), releases=shelf))
    return TestClient(app, raise_server_exceptions=False, follow_redirects=False)


@pytest.fixture(scope="module")
def desk(keep, shelf):
    return client_of(keep, shelf)


def test_releases_are_listed_newest_first_with_date_seal_and_size(desk):
    page = desk.get("/releases").text
    assert page.index("2026-02</a>") < page.index("2025 旧</a>")
    for said in ("年报数据", "2026-02-01 12:30:00", SEAL[:16], str(len(CSV))):
        assert said in page
    assert 'href="/releases"' in desk.get("/data").text


def test_one_that_cannot_be_read_is_named_and_gives_nothing(desk):
    assert "说明文件无法读取" in desk.get("/releases").text
    assert desk.get("/releases/broken").status_code == 404
    assert desk.get("/releases/broken/datapackage.json").status_code == 404


@pytest.mark.parametrize("name", ["2026-02", "2025 旧"])
def test_a_file_is_a_download_with_the_digest_that_is_shown(desk, name):
    page = desk.get(f"/releases/{name}")
    answer = desk.get(f"/releases/{name}/data/reports.csv")
    assert hashlib.sha256(answer.content).hexdigest() in page.text
    assert answer.headers["content-disposition"] == 'attachment; filename="reports.csv"'
    assert "sandbox" in answer.headers["content-security-policy"]
    assert desk.get(f"/releases/{name}/datapackage.json").json()["resources"]


@pytest.mark.parametrize(
    "path",
    [
        *("2026-02/notes.txt", "2026-02/data", "2026-02/../2026-02/notes.txt", "2026-02//data/reports.csv"),
        *("2026-02/%2e%2e/secret.csv", "2026-02/..%2f..%2fsecret.csv", "..%2felsewhere0/outside", "nothing"),
        *("links/../secret.csv", "links/..%2fsecret.csv", "links/linked.csv"),
        *("link", "link/data/reports.csv", "%2e%2e", "%2e%2e/2026-02", "", "broken/"),
    ],
)
def test_nothing_else_leaves(desk, path):
    answer = desk.get(f"/releases/{path}")
    assert answer.status_code == 404, answer.text[:200]


def test_without_a_folder_there_is_no_such_page(keep):
    closed = client_of(keep, None)
    assert closed.get("/releases").status_code == 404
    assert 'href="/releases"' not in closed.get("/data").text
