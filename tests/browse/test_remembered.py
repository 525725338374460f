"""What is remembered: found once for many, before the first visitor where the server begins; no failure."""

from types import SimpleNamespace

import pytest

from browse.remembered import Memories, Remembered


@pytest.fixture
def visit():
    """A visitor of a server with its memories, over a database that nobody looks into."""
    state = SimpleNamespace(memories=Memories(), database=None)
    yield SimpleNamespace(app=SimpleNamespace(state=state))
    state.memories.lookers.shutdown()


def test_a_look_that_the_server_began_is_the_visitors(visit):
    looks = []
    remembered = Remembered("n", lambda _: looks.append(1) or len(looks))
    remembered.begin(visit.app.state.memories, visit.app.state.database).result()
    assert [remembered.of(visit), remembered.soon(visit), len(looks)] == [1, 1, 1]


def test_a_look_that_failed_is_repeated_for_who_comes_next(visit):
    answers = iter([OSError("locked"), 7])

    def reckon(_):
        answer = next(answers)
        if isinstance(answer, OSError):
            raise answer
        return answer

    remembered = Remembered("n", reckon)
    with pytest.raises(OSError, match="locked"):
        remembered.begin(visit.app.state.memories, visit.app.state.database).result()
    assert remembered.of(visit) == 7
