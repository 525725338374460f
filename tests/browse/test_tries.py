"""How often a password may be guessed."""

import pytest

from browse.tries import OF_ALL, OF_ONE, SECONDS, Tries


class Clock:
    now = 0.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def tries(clock):
    return Tries(clock)


def guess_wrong(tries, client, times=1):
    for _ in range(times):
        tries.tell(client, is_right=False)


def test_one_client_is_shut_out_and_others_are_not(tries):
    guess_wrong(tries, "a", OF_ONE - 1)
    assert tries.wait("a") == 0
    guess_wrong(tries, "a")
    assert 0 < tries.wait("a") <= SECONDS + 1
    assert tries.wait("b") == 0


def test_a_wrong_guess_is_forgotten_in_its_time(tries, clock):
    guess_wrong(tries, "a")
    clock.now = SECONDS / 2
    guess_wrong(tries, "a", OF_ONE - 1)
    assert tries.wait("a") == SECONDS / 2 + 1
    clock.now = SECONDS
    assert tries.wait("a") == 0


def test_many_clients_together_are_shut_out_but_not_who_knew_it(tries):
    tries.tell("reader", is_right=True)
    for number in range(OF_ALL):
        guess_wrong(tries, f"client {number}")
    assert tries.wait("a new one") > 0
    assert tries.wait("reader") == 0
    guess_wrong(tries, "reader", OF_ONE)
    assert tries.wait("reader") > 0
