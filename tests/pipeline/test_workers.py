"""Reading processes: whatever one document does, the others are read, in their order."""

import ctypes
import gzip
import os
import signal
import time

import pytest

from pipeline.workers import MEGABYTE, Document, Limits, read, reading_processes

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


def results(payloads, workers=1, limits=None, read=misbehave):
    limits = limits or Limits(cpu=0.5, wall=20)
    with reading_processes(workers, limits, read) as read_all:
        given = [document(*each) for each in enumerate(payloads)]
        return [(document.capture_id, result) for document, result in read_all(given)]


def test_a_report_is_read_in_another_process():
    ((number, extraction),) = results([REPORT], limits=Limits(), read=read)
    assert (number, extraction.identity.year) == (0, 2023)


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
def test_what_is_stopped_costs_only_itself(payload, limits, reason):
    first, stopped, last = results([b"one", payload, b"two"], limits=limits)
    assert (first, last) == ((0, "one"), (2, "two"))
    assert reason in stopped[1]


def test_memory_is_bounded():
    def read_as(limits):
        return results([b"swallow", b"next"], limits=limits, read=swallowing)

    (_, refused), after = read_as(Limits(memory=100 * MEGABYTE))
    assert "memory" in refused
    assert after == (1, "next")
    assert read_as(Limits(memory=800 * MEGABYTE))[0] == (0, str(400 * MEGABYTE))


def swallowing(given):
    try:
        return misbehave(given)
    except MemoryError:
        return "memory"


def test_results_come_in_the_order_of_the_captures():
    payloads = [b"late", *(str(number).encode() for number in range(100))]
    read_by_two = results(payloads, workers=2)
    assert read_by_two == list(enumerate(payload.decode() for payload in payloads))


def test_a_caller_who_leaves_early_waits_for_nothing():
    begun = time.monotonic()
    with reading_processes(1, Limits(wall=60), misbehave) as read_all:
        payloads = [b"one", *[b"sleep"] * 100]
        answers = read_all(document(*each) for each in enumerate(payloads))
        assert next(answers)[1] == "one"
    assert time.monotonic() - begun < 20
