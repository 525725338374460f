"""Reading processes: whatever one document does, the others are read, in their order."""

import ctypes
import gzip
import os
import signal
import time
from functools import partial
from itertools import chain

import pytest

from pipeline.documents import grouped
from pipeline.errors import WorkFailed
from pipeline.processes import MEGABYTE, Limits, reading_processes
from pipeline.workers import Document, read, read_documents

REPORT = "<h1>某局2023年政府信息公开工作年度报告</h1><p>一、总体情况</p><p>我局认真贯彻条例。</p>".encode()


def document(number, payload):
    return Document(number, f"http://a.gov.cn/{number}", "text/html", (), payload)


def misbehave(given):
    """Stands in for a reader: does what the payload says."""
    match given.payload:
        case b"spin":
            while True:
                pass
        case b"sleep":
            signal.pause()
        case b"crash":
            os.kill(os.getpid(), signal.SIGSEGV)
        case b"abort":
            ctypes.CDLL(None).abort()
        case b"swallow":
            return str(len(bytearray(400 * MEGABYTE)))
        case b"late":
            time.sleep(0.2)
    return given.payload.decode()


def results(payloads, workers=1, limits=None, read=misbehave, together=1):
    """Each document's number and result; so many are one portion."""
    limits = limits or Limits(cpu=0.5, wall=20)
    given = [document(*each) for each in enumerate(payloads, 1)]
    with reading_processes(workers, limits) as room:
        portions = grouped(given, together)
        answers = room.answers(partial(read_documents, read), portions)
        return list(enumerate(chain.from_iterable(answers), 1))


def test_a_report_is_read_in_another_process():
    ((number, extraction),) = results([REPORT], limits=Limits(), read=read)
    assert (number, extraction.identity.year) == (1, 2023)


@pytest.mark.parametrize(
    ("payload", "code", "problem"),
    [
        (gzip.compress(REPORT)[:-20], "body_cut", "gzip stream is cut short"),
        (REPORT, "content_coding", "said to be gzip and is not"),
        (gzip.compress(REPORT + b"</html>")[:-4], "content_coding", "gzip stream is cut short"),
    ],
)
def test_what_was_wrong_with_a_body_is_found(payload, code, problem):
    given = Document(1, "http://a.gov.cn/1", "text/html", (("Content-Encoding", "gzip"),), payload)
    found = read(given).findings
    assert (found[0].code, found[0].text) == (code, problem)


def test_a_body_that_is_cut_and_unreadable_says_both():
    given = Document(
        1, "http://a.gov.cn/1", "", (("Content-Encoding", "gzip"),), gzip.compress(b"GIF89a")[:-2]
    )
    assert read(given) == "a GIF image, not HTML or text; gzip stream is cut short"


@pytest.mark.parametrize(
    ("payload", "limits", "reason"),
    [
        (b"spin", Limits(cpu=0.3), "the 0.3 s that"),
        (b"sleep", Limits(wall=0.3), "longer than the 0.3 s"),
        (b"crash", Limits(), "SIGSEGV"),
        (b"abort", Limits(), "SIGABRT"),
    ],
)
@pytest.mark.parametrize("together", [1, 3])
def test_what_is_stopped_costs_only_itself(payload, limits, reason, together):
    first, stopped, last = results([b"one", payload, b"two"], limits=limits, together=together)
    assert (first, last) == ((1, "one"), (3, "two"))
    assert reason in stopped[1]


def test_several_of_one_portion_cost_only_themselves():
    read = results([b"crash", b"one", b"abort", b"crash", b"two"], workers=2, together=5)
    assert [number for number, said in read if "died" in said] == [1, 3, 4]
    assert [said for _, said in read if "died" not in said] == ["one", "two"]


def test_a_process_that_dies_at_no_document_ends_the_work():
    with reading_processes(1) as room, pytest.raises(WorkFailed, match="SIGKILL"):
        list(room.answers(die, [None]))


def die(_portion, _desk):
    os.kill(os.getpid(), signal.SIGKILL)


def test_memory_is_bounded():
    def read_as(limits):
        return results([b"swallow", b"next"], limits=limits, read=swallowing)

    (_, refused), after = read_as(Limits(memory=100 * MEGABYTE))
    assert "memory" in refused
    assert after == (2, "next")
    assert read_as(Limits(memory=800 * MEGABYTE))[0] == (1, str(400 * MEGABYTE))


def swallowing(given):
    try:
        return misbehave(given)
    except MemoryError:
        return "memory"


def test_results_come_in_the_order_of_the_captures():
    payloads = [b"late", *(str(number).encode() for number in range(100))]
    read_by_two = results(payloads, workers=2)
    assert read_by_two == list(enumerate((payload.decode() for payload in payloads), 1))


def test_a_caller_who_leaves_early_waits_for_nothing():
    begun = time.monotonic()
    with reading_processes(1, Limits(wall=60)) as room:
        portions = [[document(*each)] for each in enumerate([b"one", *[b"sleep"] * 100], 1)]
        assert next(room.answers(partial(read_documents, misbehave), portions)) == ["one"]
    assert time.monotonic() - begun < 20
