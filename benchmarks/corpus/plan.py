"""Which documents there are: a number stands for a form, a format and a defect, always the same."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from random import Random

from benchmarks.corpus.catalogue import DEFECTS
from benchmarks.corpus.markup import WRITERS
from benchmarks.corpus.paper import Paper, draw_paper
from benchmarks.corpus.word import docx

HOST = "www.example.gov.cn"
DIRECT = {**WRITERS, "docx, bare": docx}  # formats that are written here
SCAN, OFD = "scan", "ofd"  # made of a PDF
OFFICE = {"pdf": "pdf", OFD: "pdf", "doc": "doc", "rtf": "rtf", "docx, office": "docx"}
OFFICE |= {"xls": "xls", "xlsx": "xlsx"}
FORMS = ("2021", "2019", "2014", "2021", "2019", "local")  # in turn; the older ones have fewer defects
STRIDE = 7  # prime to the number of defects of each form


@dataclass(frozen=True, slots=True)
class Sheet:
    """One document of the corpus. Another `seed` gives other figures, gaps and letters."""

    number: int
    form: str
    format: str
    defect: str
    seed: int = 0

    def __str__(self) -> str:
        return f"{self.number} {self.form}, {self.format}, {self.defect}"

    @property
    def url(self) -> str:
        return f"http://{HOST}/nb/{self.number}"

    @property
    def random(self) -> Random:
        return Random(f"nianbao {self.seed} {self}")

    @property
    def paper(self) -> Paper:
        random = self.random
        paper = DEFECTS[self.form][self.defect](draw_paper(random, self.form), random)
        return paper if self.format in DIRECT else paper.filled()

    def written(self) -> bytes:
        return DIRECT[self.format](self.paper, self.random)


def sheets(count: int, formats: Sequence[str], seed: int = 0, first: int = 0) -> Iterator[Sheet]:
    """Every form in every format with every defect in turn, over and over until there are `count`, numbered
    from `first`. Neighbours in the list of defects do not follow each other, so that few are a fair sample.
    """
    for number in range(count):
        step, turn = divmod(number, len(FORMS))
        defects = list(DEFECTS[FORMS[turn]])
        defect = defects[STRIDE * (step // len(formats)) % len(defects)]
        yield Sheet(first + number, FORMS[turn], formats[step % len(formats)], defect, seed)


def fingerprint(documents: Sequence[bytes]) -> str:
    """One SHA-256 over all documents."""
    digest = hashlib.sha256()
    for document in documents:
        digest.update(hashlib.sha256(document).digest())
    return digest.hexdigest()
