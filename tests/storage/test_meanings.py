"""What columns mean, held against the database."""

from sqlalchemy import inspect

from storage.meanings import load_meanings

RELEASE_ONLY = {"codebook", "measures", "changes"}
# In no release: earlier versions, pages to look at, and what anybody can add up from `series`.
STANDS_APART = {"report_versions", "review", "series_sums"}


def test_every_view_and_each_of_its_columns_has_a_meaning(database):
    with database.read() as connection:
        views = set(inspect(connection).get_view_names()) | {"sites"}
        assert set(load_meanings()) - RELEASE_ONLY == views - STANDS_APART
        for name in views - STANDS_APART:
            found = connection.exec_driver_sql(f"SELECT * FROM {name} LIMIT 0").keys()
            assert set(load_meanings()[name].names) <= set(found), name


def test_keys_and_references_name_columns_that_there_are():
    for meaning in load_meanings().values():
        assert set(meaning.key) <= set(meaning.names)
        for reference in meaning.refers:
            assert set(reference.columns) <= set(meaning.names)
            assert len(reference.columns) == len(reference.keys) > 0
