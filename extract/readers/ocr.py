"""Reading writing in pictures, by rapidocr: the only module that names it. Its models come in the wheel."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any

import cv2
import numpy as np

from extract.readers.boxes import Box
from extract.readers.certainty import Written
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
        "Rec.rec_batch_num": TOGETHER,
        "Rec.rec_img_shape": [3, HEIGHT, STEP],
    }
    return RapidOCR(params=settings)


def read_lines(crops: Sequence[Pixels]) -> list[Written]:
    """What each line says, in the same order."""
    by_width: dict[int, list[int]] = defaultdict(list)
    scaled = [to_height(crop) for crop in crops]
    for number, crop in enumerate(scaled):
        by_width[crop.shape[1]].append(number)
    found = [Written("", 0.0) for _ in crops]
    for numbers in by_width.values():
        read = engine().recognize_txt([scaled[number] for number in numbers])
        for number, text, score in zip(numbers, read.txts, read.scores, strict=True):
            found[number] = Written(text, float(score))
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
