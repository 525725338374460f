import multiprocessing
from contextlib import closing
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, exc, inspect, text

from benchmarks.servers import postgres_database
from storage.database import MISSED, SCHEMA, Database, DatabaseError, open_database
from storage.schema import alembic_config
from storage.tables import metadata

# CONTRACT.md, word for word. A database may have more, never less.
CONTRACT = {
    "reports": """report_id url host publisher region_code level year form title published_on index_number
        is_mirror capture_id cells_read cells_expected checks_passed checks_failed status""",
    "report_versions": """report_id url host publisher region_code level year form title published_on
        index_number is_mirror capture_id cells_read cells_expected checks_passed checks_failed status""",
    "cells": "report_id form table_code row_code col_code value state raw_text unit capture_id locator",
    "checks": "report_id rule scope expected actual passed severity",
    "sections": "report_id ordinal heading text",
    "leftovers": "report_id kind text locator",
    "captures": "capture_id url host fetched_at status content_type sha256 size kind outcome run_id",
    "sites": """host name region_code site_id_code icp_number police_number family last_run_at
        last_outcome""",
    "coverage": "publisher region_code year state report_id",
}

TABLES = ("captures", "sites")  # in the contract, and no views


def test_the_contract_holds(database: Database):
    with database.read() as connection:
        found = {
            name: [column["name"] for column in inspect(connection).get_columns(name)] for name in CONTRACT
        }
        for name in CONTRACT:
            assert connection.execute(text(f"SELECT * FROM {name}")).all() == []
    promised = {name: columns.split() for name, columns in CONTRACT.items()}
    for name in TABLES:  # these have columns of our own beside
        found[name] = [column for column in promised[name] if column in found[name]]
    assert found == promised


def test_migrations_and_tables_agree(database: Database):
    with database.read() as connection:
        # SQLite gives defaults back in a spelling of its own; there the names and types are held alike.
        defaults = connection.dialect.name == "postgresql"
        options = {"compare_server_default": defaults, "include_name": is_no_text_index}
        context = MigrationContext.configure(connection, opts=options)
        assert compare_metadata(context, metadata) == []


def is_no_text_index(name: str | None, _kind: str, _parents: object) -> bool:
    """The full text's index is a thing of each database's own (storage/fulltext.py)."""
    return not (name or "").startswith(("section_index", "ix_reading_sections_pairs"))


def test_the_known_schema_is_the_newest():
    assert ScriptDirectory.from_config(alembic_config()).get_current_head() == SCHEMA


def test_opening_again_changes_nothing(database_url):
    open_database(database_url).close()
    again = open_database(database_url)
    with again.read() as connection:
        assert connection.execute(text("SELECT count(*) FROM runs")).scalar() == 0
    again.close()


def test_many_processes_open_a_new_database_at_once(database_url):
    # Forked, so that they start within a moment of each other instead of each importing for a second.
    processes = multiprocessing.get_context("fork")
    together = processes.Barrier(4)

    def open_and_close() -> None:
        together.wait()
        open_database(database_url).close()

    started = [processes.Process(target=open_and_close) for _ in range(4)]
    for process in started:
        process.start()
    for process in started:
        process.join()
    assert [process.exitcode for process in started] == [0] * 4


def test_a_failed_write_leaves_nothing(database: Database):
    twice = text("INSERT INTO sites (host) VALUES ('a.gov.cn'), ('a.gov.cn')")
    with pytest.raises(exc.IntegrityError), database.write() as connection:
        connection.execute(twice)
    with database.read() as connection:
        assert connection.execute(text("SELECT count(*) FROM sites")).scalar() == 0


def test_reading_cannot_write(database: Database):
    with pytest.raises(exc.DBAPIError), database.read() as connection:
        connection.execute(text("INSERT INTO sites (host) VALUES ('a.gov.cn')"))
    with database.write() as connection:
        connection.execute(text("INSERT INTO sites (host) VALUES ('a.gov.cn')"))


def test_a_reader_keeps_its_view_while_another_writes(database: Database):
    count = text("SELECT count(*) FROM sites")
    with database.read() as reader:
        assert reader.execute(count).scalar() == 0
        with database.write() as writer:
            writer.execute(text("INSERT INTO sites (host) VALUES ('a.gov.cn')"))
        assert reader.execute(count).scalar() == 0
    with database.read() as reader:
        assert reader.execute(count).scalar() == 1


def test_foreign_keys_are_kept(database: Database):
    row = "INSERT INTO read_captures (capture_id, extractor, reading_id) VALUES (1, 'x', 1)"
    with pytest.raises(exc.IntegrityError), database.write() as connection:
        connection.execute(text(row))


def test_a_commit_is_durable(database: Database):
    with database.write() as connection:
        if connection.dialect.name == "sqlite":
            assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == 2
            assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
        else:
            assert connection.exec_driver_sql("SHOW synchronous_commit").scalar() == "on"


def test_a_newer_schema_is_refused(database_url):
    database = open_database(database_url)
    with database.write() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    database.close()
    with pytest.raises(DatabaseError, match="schema 9999, newer than"):
        open_database(database_url)


def test_another_program_s_tables_are_left_alone(database_url):
    engine = create_engine(database_url.replace("postgresql:", "postgresql+psycopg:"))
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE sites (name TEXT)"))
    with pytest.raises(DatabaseError, match="another program's tables \\(sites\\)"):
        open_database(database_url)
    with engine.connect() as connection:
        assert inspect(connection).get_table_names() == ["sites"]
        if connection.dialect.name == "sqlite":
            assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "delete"
    engine.dispose()


def test_the_folder_is_made(tmp_path: Path):
    open_database(f"sqlite:///{tmp_path}/a/b/c.db").close()
    assert (tmp_path / "a/b/c.db").is_file()


def test_a_folder_that_cannot_be_made(tmp_path: Path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(DatabaseError, match="cannot be opened"):
        open_database(f"sqlite:///{tmp_path}/file/c.db")


def test_a_file_that_is_no_database(tmp_path: Path):
    (tmp_path / "page.db").write_text("<html>" * 1000)
    with pytest.raises(DatabaseError, match="not a database"):
        open_database(f"sqlite:///{tmp_path}/page.db")
    assert (tmp_path / "page.db").read_text() == "<html>" * 1000


@pytest.mark.parametrize(
    ("url", "problem"),
    [
        ("mysql://me:secret@host/db", "mysql: unknown kind of database"),
        ("data/nianbao.db", "named by a URL"),
        ("postgresql://me:secret@host:port/db", "named by a URL"),
        ("sqlite://", "names no file"),
        ("postgresql://me:secret@127.0.0.1:1/db", "cannot be opened"),
        ("", "named by a URL"),
    ],
)
def test_a_url_that_cannot_be_used(url, problem):
    with pytest.raises(DatabaseError, match=problem) as caught:
        open_database(url)
    assert "secret" not in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.postgres
def test_who_hangs_in_a_write_holds_others_up_for_minutes_only(postgres_server):
    """A reader may be long; of a peer that is gone both sides know within a minute."""
    with postgres_database(postgres_server) as url, closing(open_database(url)) as database:
        idle = text("SHOW idle_in_transaction_session_timeout")
        with database.write() as writer, database.read() as reader:
            assert [writer.scalar(idle), reader.scalar(idle)] == ["5min", "0"]
            assert writer.scalar(text("SHOW synchronous_commit")) == "on"
            parameters = writer.connection.dbapi_connection.info.get_parameters()
    assert {name: parameters[name] for name in MISSED} == {name: str(value) for name, value in MISSED.items()}
