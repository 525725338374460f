"""Printed pages as pictures: in the axes of the places that the readers give, however the page is turned."""

from io import BytesIO

import pytest
from PIL import Image

from extract.readers import boxes, read
from extract.readers.sheets import LONGEST_SIDE, sheet

ROWS = [["项目", "数量"], ["收到", "417"]]


def ink(picture, found, box):
    """The share of dark points in a box of the page."""
    scale = picture.width / found.width
    part = picture.crop(tuple(round(at * scale) for at in box)).convert("L")
    return sum(part.histogram()[:110]) / max(part.width * part.height, 1)


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_what_a_place_says_is_in_its_box(sheet_of, pdf, turn):
    payload = pdf(sheet_of(turn=turn).table(60, 100, [120, 120], ROWS))
    [figure] = [cell for grid in read(payload).grids() for cell in grid.cells() if cell.text == "417"]
    [(number, box)] = boxes.parts(figure.place)
    found = sheet(payload, number)
    picture = Image.open(BytesIO(found.png))
    assert max(picture.size) <= LONGEST_SIDE
    assert abs(picture.width / picture.height - found.width / found.height) < 0.01
    assert ink(picture, found, (box.x0 + 2, box.y0 + 2, box.x1 - 2, box.y1 - 2)) > 0.005


@pytest.fixture
def sheet_of(request):
    return request.getfixturevalue("sheet")


@pytest.mark.parametrize("number", [0, 2, 99])
def test_a_page_that_is_not_there_is_said_not_to_be(sheet_of, pdf, number):
    with pytest.raises(LookupError, match="no page"):
        sheet(pdf(sheet_of().text(72, 72, "一、总体情况")), number)
