"""Mirror text back to the official wording.

Mirror sites turn simplified text into traditional and put the reading of a character in brackets after it
(國務(wù)院). Only documents that are so beyond doubt are touched: 乾县 and 濛洲 are right as they stand.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any

from msgspec import structs

from extract.document import Block, Cell, Document, Finding, Furniture, Prose

FEWEST_ANNOTATIONS = 3
FEWEST_TRADITIONAL = 0.04
"""Share of the Han characters that only traditional text has. Mirrors have 0.2 to 0.3, simplified pages
below 0.001 (a name, a quotation).
"""

_TONED = "āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜńňǹḿê"
_TONED_BEGIN = frozenset(vowel.encode()[0] for vowel in _TONED)
_READING = re.compile(rf"[(（](?=[a-zü]*[{_TONED}])[a-zü{_TONED}]{{1,6}}[)）]")
_TONELESS = re.compile(r"(?<=[\u4e00-\u9fff])[(（](?:me|de|men|le|zhe|ma|ne|ba|zi|ge)[)）]")
_PRONOUNCED = re.compile(rf"([\u4e00-\u9fff])[(（]([a-zü{_TONED}]{{1,6}})[)）]")
_SHIFTED = re.compile(
    rf"\?(?P<shifted>!?[\u4e00-\u9fff!]{{1,7}})\?[(（]?(?P<reading>[a-zü{_TONED}]{{1,6}})[)）]"
)
_HAN = re.compile(r"[\u4e00-\u9fff]")
_TELLTALES = re.compile(
    "[國務會報據與為開關於對個這說時來們動機構應當處縣區鎮鄉長總體規劃資財產業發職責權實際認證書記問題進導統計編號項條給結終網絡際團隊選舉"
    "請復議訴訟維護糾審總數類護費罰強製無]"
)


def has_tones(utf8: bytes) -> bool:
    """Whether any toned vowel could be there. No Chinese character has the bytes that these begin with."""
    return any(begins in utf8 for begins in _TONED_BEGIN)


def is_mirrored(text: str) -> bool:
    """Both signs of a mirror: traditional characters all over, and readings in brackets."""
    if not has_tones(text.encode(errors="ignore")):
        return False
    annotations = sum(1 for _, _ in zip(range(FEWEST_ANNOTATIONS), _READING.finditer(text), strict=False))
    if annotations < FEWEST_ANNOTATIONS:
        return False
    han = len(_HAN.findall(text))
    return len(_TELLTALES.findall(text)) >= FEWEST_TRADITIONAL * max(han, 1)


def wording_of(text: str) -> Callable[[str], str]:
    """The function that takes a piece of this text to the official wording; the identity where it is that."""
    return Wording(text) if is_mirrored(text) else str


class Wording:
    """Takes pieces of one mirrored text to the official wording. A character that was destroyed is put back
    where the document itself says which one it was, and else stays `?`.
    """

    def __init__(self, text: str) -> None:
        self._pronounced: dict[str, set[str]] = {}
        for character, reading in _PRONOUNCED.findall(text):
            self._pronounced.setdefault(reading, set()).add(character)

    def __call__(self, text: str) -> str:
        if "?" in text:
            text = _SHIFTED.sub(self.unshift, text)
        return str(_simplifier().convert(_TONELESS.sub("", _READING.sub("", text))))

    def unshift(self, match: re.Match[str]) -> str:
        """`六?!奔訌?(qiáng)` was `六保”加強(qiáng)`, read from the wrong byte on: its bytes say the inner
        characters and half of the last, its reading the other half; of the first only one byte is left.
        """
        try:
            shifted = match["shifted"].replace("!", "！").encode("gbk")
            inner = shifted[1:-1].decode("gbk")
        except UnicodeError:
            return match[0]
        heard = self._pronounced.get(match["reading"], set())
        fitting = [sign for sign in sorted(heard) if sign.encode("gbk", "replace")[:1] == shifted[-1:]]
        return f"?{inner}{fitting[0]}" if len(fitting) == 1 else match[0]


@lru_cache(maxsize=1)
def _simplifier() -> Any:
    from opencc import OpenCC

    return OpenCC("t2s")


def restore(document: Document) -> Document:
    """The document in the official wording and marked `is_mirror`; the same object where it is in it already.
    Places stay those of the bytes.
    """
    if not has_tones("\n".join(_different_words(document)).encode(errors="ignore")):
        return document
    text = "\n".join(_words(document))
    if not is_mirrored(text):
        return document
    wording = Wording(text)
    restored = tuple(_block(block, wording) for block in document.blocks)
    return replace(
        document,
        blocks=restored,
        furniture=_furniture(document.furniture, wording),
        is_mirror=True,
        findings=(*document.findings, *_damage(document.blocks, wording)),
    )


def _different_words(document: Document) -> Iterator[str]:
    """The words, those that many cells of a table say only once."""
    for block in document.blocks:
        yield block.text if isinstance(block, Prose) else "\n".join(block.texts)
    yield document.furniture.text


def _words(document: Document) -> Iterator[str]:
    for block in document.blocks:
        if isinstance(block, Prose):
            yield block.text
        else:
            yield from (cell.text for cell in block.cells())
    yield document.furniture.text


def _block(block: Block, wording: Callable[[str], str]) -> Block:
    if isinstance(block, Prose):
        return structs.replace(block, text=wording(block.text))
    restored = {id(cell): structs.replace(cell, text=wording(cell.text)) for cell in block.cells()}
    rows = (tuple(_in_place(cell, restored) for cell in row) for row in block.rows)
    return replace(block, rows=tuple(rows))


def _in_place(cell: Cell | None, restored: Mapping[int, Cell]) -> Cell | None:
    return None if cell is None else restored[id(cell)]


def _furniture(furniture: Furniture, wording: Callable[[str], str]) -> Furniture:
    return Furniture(
        title=wording(furniture.title),
        headings=tuple(map(wording, furniture.headings)),
        metas={name: wording(content) for name, content in furniture.metas.items()},
        index_box={wording(label): wording(value) for label, value in furniture.index_box.items()},
        breadcrumb=tuple(map(wording, furniture.breadcrumb)),
        text=wording(furniture.text),
    )


def _damage(blocks: Sequence[Block], wording: Wording) -> Iterator[Finding]:
    """Where characters were destroyed: what was there, and what could be made of it."""
    for block in blocks:
        if isinstance(block, Prose):
            for match in _SHIFTED.finditer(block.text):
                repaired = wording.unshift(match)
                code = "characters_lost" if repaired == match[0] else "characters_partly_restored"
                yield Finding(code, f"{match[0]} read as {repaired}", block.place)
