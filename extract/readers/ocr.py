"""Reading writing in pictures, by rapidocr: the only module that names it. Its models come in the wheel."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from extract.readers.boxes import Box
from extract.readers.certainty import ROUND, Written
from extract.readers.formats import NotReadable
from extract.readers.hairlines import Pixels

HEIGHT = 48
"""Pixels that the model reads a line at."""
STEP = 64
"""Lines are made as wide as a multiple of this, so that how one reads does not hang on its neighbours."""
TOGETHER = 8
LONGEST_SIDE = 1_280
"""Pixels of a page for finding its lines; the cost grows with the area."""


@lru_cache(maxsize=1)
def engine() -> Any:
    """NotReadable where the extra is not installed. One thread: whoever wants more starts more workers."""
    try:
        from rapidocr import RapidOCR
    except ModuleNotFoundError as error:
        raise NotReadable("a scan; install the ocr extra") from error
    settings = {
        "Global.log_level": "error",
        "Global.use_cls": False,
        "EngineConfig.onnxruntime.intra_op_num_threads": 1,
        "EngineConfig.onnxruntime.inter_op_num_threads": 1,
    }
    return RapidOCR(params=settings)


@dataclass(frozen=True, slots=True)
class Signs:
    """What the model tells apart: the text of each of its classes, and for each the first that looks alike.
    The class 0 is no sign.
    """

    texts: Sequence[str]
    alike: NDArray[np.int64]

    @classmethod
    def of(cls, texts: Sequence[str]) -> "Signs":
        alike = np.arange(len(texts))
        alike[[at for at, text in enumerate(texts) if text in set(ROUND)]] = texts.index(ROUND[0])
        return cls(texts, alike)

    def written(self, chances: NDArray[np.float32]) -> Written:
        """Of the chances of each class in each place along a line. Two equal ones in a row are one sign; its
        chance is that of all that look like it.
        """
        best = chances.argmax(axis=1)
        kinds = self.alike[best]
        begins = (kinds != 0) & (np.diff(kinds, prepend=0) != 0)
        if not begins.any():
            return Written("", 0.0)
        together = np.where(self.alike == kinds[begins, None], chances[begins], 0).sum(axis=1)
        return Written("".join(self.texts[at] for at in best[begins]), float(together.mean()))


@lru_cache(maxsize=1)
def model() -> tuple[Any, Signs]:
    """What gives the chances of signs for pictures of lines, and these signs."""
    recognizer = engine()._load_rec_model()  # noqa: SLF001 (its public face gives no chances)
    return recognizer.session, Signs.of(recognizer.postprocess_op.character)


def read_lines(crops: Sequence[Pixels]) -> list[Written]:
    """What each line says, in the same order."""
    chances_of, signs = model()
    by_width: dict[int, list[int]] = defaultdict(list)
    scaled = [to_height(crop) for crop in crops]
    for number, crop in enumerate(scaled):
        by_width[crop.shape[1]].append(number)
    found = [Written("", 0.0) for _ in crops]
    batches = (same[at : at + TOGETHER] for same in by_width.values() for at in range(0, len(same), TOGETHER))
    for numbers in batches:
        pictures = np.stack([scaled[number] for number in numbers]).transpose(0, 3, 1, 2)
        chances = chances_of(np.asarray(pictures / 127.5 - 1, np.float32))
        for number, each in zip(numbers, chances, strict=True):
            found[number] = signs.written(each)
    return found


def to_height(crop: Pixels) -> Pixels:
    width = max(round(crop.shape[1] * HEIGHT / crop.shape[0]), 1)
    scaled = cv2.resize(crop, (width, HEIGHT), interpolation=cv2.INTER_CUBIC)
    paper = int(np.median(crop))
    missing = -width % STEP
    return np.asarray(
        cv2.copyMakeBorder(scaled, 0, 0, 0, missing, cv2.BORDER_CONSTANT, value=(paper,) * 3), np.uint8
    )


def find_lines(page: Pixels) -> Iterator[Box]:
    """The lines of writing on a page wherever they stand, in pixels. A smaller page finds them as well."""
    ratio = min(LONGEST_SIDE / max(page.shape), 1)
    small = cv2.resize(page, None, fx=ratio, fy=ratio, interpolation=cv2.INTER_AREA)
    found = engine()(cv2.cvtColor(small, cv2.COLOR_GRAY2BGR), use_cls=False, use_rec=False)
    for corners in found.boxes if found.boxes is not None else ():
        (x0, y0), (x1, y1) = corners.min(axis=0), corners.max(axis=0)
        yield Box(*(float(at) / ratio for at in (x0, y0, x1, y1)))
