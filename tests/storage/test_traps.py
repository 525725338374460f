from datetime import UTC, datetime, timedelta

from storage.traps import load_spent, note_spent

NOW = datetime(2026, 11, 22, tzinfo=UTC)
LATER = NOW + timedelta(days=30)


def test_a_spent_pattern_is_remembered_until_its_time(database):
    with database.write() as connection:
        note_spent(connection, {"www.wuyou.gov.cn/rili/?"}, LATER)
        assert load_spent(connection, NOW) == {"www.wuyou.gov.cn/rili/?"}
        assert load_spent(connection, LATER) == set()


def test_what_is_spent_again_waits_again(database):
    with database.write() as connection:
        note_spent(connection, ["a", "b"], NOW)
        note_spent(connection, ["a"], LATER)
        assert load_spent(connection, NOW) == {"a"}
