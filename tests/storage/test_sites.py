from datetime import UTC, datetime

from sqlalchemy import select, text

from settings.registry import Site
from storage.database import Database
from storage.sites import Visited, load_sites, note_site_facts, note_visits, register_sites
from storage.tables import sites

NOW = datetime(2026, 11, 22, 10, tzinfo=UTC)
SITE = Site("www.a.gov.cn", "某市人民政府", "340881", ("http://www.a.gov.cn/",), "trs", 1.5, "看")


def row_of(database: Database, host: str):
    with database.read() as connection:
        return connection.execute(select(sites).where(sites.c.host == host)).mappings().one()


def test_sites_come_back_as_registered(database: Database):
    bare = Site("b.gov.cn", start=("http://b.gov.cn/",))
    with database.write() as connection:
        register_sites(connection, [bare, SITE])
    with database.read() as connection:
        assert load_sites(connection) == [bare, SITE] or load_sites(connection) == [SITE, bare]
        assert [site.host for site in load_sites(connection)] == ["b.gov.cn", "www.a.gov.cn"]


def test_registering_again_takes_the_new_words(database: Database):
    with database.write() as connection:
        register_sites(connection, [SITE])
        register_sites(connection, [Site(SITE.host, name="改名", delay=None)])
    row = row_of(database, SITE.host)
    assert (row["name"], row["region_code"], row["delay"], row["note"]) == ("改名", "340881", None, "")


def test_facts_fill_only_what_is_empty(database: Database):
    with database.write() as connection:
        register_sites(connection, [Site(SITE.host, name="某市人民政府")])
        note_site_facts(connection, SITE.host, "网站", "3408810001", "皖ICP备1号", "")
        note_site_facts(connection, SITE.host, "别名", "9999990001", "", "皖公网安备1号")
    row = row_of(database, SITE.host)
    assert (row["name"], row["site_id_code"], row["region_code"]) == ("某市人民政府", "3408810001", "340881")
    assert (row["icp_number"], row["police_number"]) == ("皖ICP备1号", "皖公网安备1号")


def test_a_region_that_is_known_wins(database: Database):
    with database.write() as connection:
        note_site_facts(connection, "c.gov.cn", site_id_code="3408810001", region="340800")
        note_site_facts(connection, "d.gov.cn", site_id_code="bm12000001")
        note_site_facts(connection, "e.gov.cn")
    assert row_of(database, "c.gov.cn")["region_code"] == "340800"
    assert row_of(database, "d.gov.cn")["region_code"] == ""
    assert row_of(database, "e.gov.cn")["registered"] == 0


def test_only_registered_sites_are_crawled(database: Database):
    with database.write() as connection:
        note_site_facts(connection, "c.gov.cn", "只导入")
    with database.read() as connection:
        assert load_sites(connection) == []


def test_a_visit_is_noted(database: Database):
    with database.write() as connection:
        note_visits(connection, [Visited(SITE.host, NOW, "new", "trs")])
        note_visits(connection, [Visited(SITE.host, NOW, "blocked")])
    row = row_of(database, SITE.host)
    assert (row["last_run_at"], row["last_outcome"], row["family"]) == (
        "2026-11-22T10:00:00.000Z",
        "blocked",
        "trs",
    )
    with database.read() as connection:
        assert connection.scalar(text("SELECT family FROM sites")) == "trs"
