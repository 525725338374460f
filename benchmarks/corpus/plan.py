"""Which documents there are: a number stands for a form, a format and a defect, always the same."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from random import Random

from benchmarks.corpus.defects import DEFECTS_AND_PAIRS
from benchmarks.corpus.markup import WRITERS
from benchmarks.corpus.paper import Paper, draw_paper
from benchmarks.corpus.word import docx

HOST = "www.example.gov.cn"
DIRECT = {**WRITERS, "docx, bare": docx}  # formats that are written here
OFFICE = {"pdf": "pdf", "doc": "doc", "rtf": "rtf", "docx, office": "docx", "xls": "xls", "xlsx": "xlsx"}
SCAN = "scan"


@dataclass(frozen=True, slots=True)
class Sheet:
    """One document of the corpus."""

    number: int
    format: str
    defect: str

    def __str__(self) -> str:
        return f"{self.number} {self.format}, {self.defect}"

    @property
    def url(self) -> str:
        return f"http://{HOST}/nb/{self.number}"

    @property
    def random(self) -> Random:
        return Random(f"nianbao {self.number} {self.format} {self.defect}")

    @property
    def paper(self) -> Paper:
        random = self.random
        return DEFECTS_AND_PAIRS[self.defect](draw_paper(random), random)

    def written(self) -> bytes:
        return DIRECT[self.format](self.paper, self.random)


def sheets(count: int, formats: Sequence[str]) -> Iterator[Sheet]:
    """Every format with every defect in turn, over and over until there are `count`."""
    defects = list(DEFECTS_AND_PAIRS)
    for number in range(count):
        kind = formats[number % len(formats)]
        yield Sheet(number, kind, defects[number // len(formats) % len(defects)])


def fingerprint(documents: Sequence[bytes]) -> str:
    """One SHA-256 over all documents."""
    digest = hashlib.sha256()
    for document in documents:
        digest.update(hashlib.sha256(document).digest())
    return digest.hexdigest()
