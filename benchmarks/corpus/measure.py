"""Documents made, read in processes of their own, and scored; a chunk at a time, for they are large."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from itertools import islice
from multiprocessing import get_context
from random import Random

from benchmarks.corpus import office
from benchmarks.corpus.ofd import ofd
from benchmarks.corpus.plan import DIRECT, OFD, OFFICE, SCAN, Sheet
from benchmarks.corpus.score import Score, score

CHUNK = 240

Made = tuple[Sheet, bytes | None]  # what is None is written where it is read


def measure(wanted: Sequence[Sheet], workers: int, tell: Callable[[int], None]) -> dict[Sheet, Score]:
    """The score of each document; `tell` hears how many are done."""
    scores: dict[Sheet, Score] = {}
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        for chunk in chunks(wanted):
            scores |= zip(chunk, pool.map(read, made(chunk), chunksize=8), strict=True)
            tell(len(scores))
    return scores


def chunks(wanted: Sequence[Sheet]) -> Iterator[list[Sheet]]:
    left = iter(wanted)
    while chunk := list(islice(left, CHUNK)):
        yield chunk


def made(chunk: Sequence[Sheet]) -> list[Made]:
    """With what LibreOffice writes written, format by format."""
    written: dict[int, bytes] = {}
    by_suffix: dict[str, list[Sheet]] = defaultdict(list)
    for sheet in chunk:
        if sheet.format not in DIRECT:
            by_suffix[OFFICE.get(sheet.format, "pdf")].append(sheet)
    for suffix, those in by_suffix.items():
        written |= office.converted({sheet.number: sheet.paper for sheet in those}, suffix)
    return [(sheet, written.get(sheet.number)) for sheet in chunk]


def read(one: Made) -> Score:
    sheet, document = one
    return score(final(sheet, document or sheet.written()), sheet.paper, sheet.url)


def final(sheet: Sheet, document: bytes) -> bytes:
    if sheet.format == OFD:
        return ofd(document)
    if sheet.format == SCAN:
        from benchmarks.corpus.scans import scanned  # numpy and Pillow come with the ocr extra only

        return scanned(document, Random(sheet.number))
    return document
