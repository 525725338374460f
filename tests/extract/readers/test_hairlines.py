"""The walls of cells in pictures of pages: hairlines, breaks, noise, and writing that looks like a line."""

import pytest

np = pytest.importorskip("numpy", reason="the ocr extra is not installed")
cv2 = pytest.importorskip("cv2", reason="the ocr extra is not installed")
pytest.importorskip("rapidocr", reason="the ocr extra is not installed")

from extract.readers import printed, scan  # noqa: E402 - they need the extra
from extract.readers.hairlines import ruling  # noqa: E402
from extract.readers.picture import darkness, straightened  # noqa: E402
from extract.readers.ruling import Span, TooManyRules  # noqa: E402

XS, YS = (160, 420, 640, 860, 1080, 1480), (200, 244, 288, 332, 376, 420)
MERGED = Span(1, 0, 2, 1)


def sheet(grey=150, width=1):
    """A grid of 5 by 5 slots in hairlines, the first cells of its second and third row merged."""
    page = np.full((2339, 1654), 250, np.uint8)
    for y in YS:
        cv2.line(page, (XS[1] if y == YS[2] else XS[0], y), (XS[-1], y), grey, width)
    for x in XS:
        cv2.line(page, (x, YS[0]), (x, YS[-1]), grey, width)
    return page


def written(page, words="4119"):
    """The same words in every slot, near the line at their left."""
    for x in XS[:-1]:
        for y in YS[1:]:
            cv2.putText(page, words, (x + 8, y - 12), cv2.FONT_HERSHEY_DUPLEX, 0.8, 0, 1, 16)
    return page


def noisy(page, deviation):
    grains = page + np.random.default_rng(3).normal(0, deviation, page.shape)
    return np.clip(grains, 0, 255).astype(np.uint8)


def crooked(page, degrees):
    turn = cv2.getRotationMatrix2D((page.shape[1] / 2, page.shape[0] / 2), degrees, 1)
    return cv2.warpAffine(page, turn, page.shape[::-1], flags=cv2.INTER_CUBIC, borderValue=250)


def shaded(page):
    return (page * np.linspace(0.7, 1, page.shape[1])).astype(np.uint8)


def curled(page):
    y, x = np.mgrid[0 : page.shape[0], 0 : page.shape[1]].astype(np.float32)
    return cv2.remap(page, x, y + 4 * np.sin(x / 530), cv2.INTER_CUBIC, borderValue=250)


def smaller(page, ratio):
    return cv2.resize(page, None, fx=ratio, fy=ratio, interpolation=cv2.INTER_AREA)


def found(page):
    page = straightened(page)
    return ruling(page, darkness(page), page.shape[1] / 595)


@pytest.mark.parametrize(
    "page",
    [
        sheet(),
        noisy(written(sheet()), 14),
        noisy(written(sheet(grey=205)), 8),
        noisy(crooked(written(sheet()), 0.7), 14),
        noisy(crooked(written(sheet(width=2)), -4.5), 20),
        noisy(smaller(written(sheet(width=2)), 0.5), 8),
        noisy(shaded(written(sheet())), 8),
        noisy(curled(written(sheet())), 8),
    ],
    ids=["clean", "noisy", "faint", "crooked", "very crooked", "100 dpi", "shaded", "curled"],
)
def test_every_wall_stands(page):
    seen = found(page)
    assert len(seen.tables) == 1
    assert (len(seen.tables[0].xs), len(seen.tables[0].ys)) == (6, 6)
    assert len(seen.tables[0].spans) == 24
    assert MERGED in seen.tables[0].spans
    assert not seen.doubtful


def test_breaks_that_leave_most_of_a_wall_do_not_count():
    page = noisy(sheet(grey=120), 8)
    page[YS[3] - 3 : YS[3] + 4, 480:500] = 250
    page[YS[3] - 3 : YS[3] + 4, 700:730] = 250
    seen = found(page)
    assert len(seen.tables[0].spans) == 24
    assert not seen.doubtful


def test_a_wall_of_which_half_is_left_is_told_and_its_cells_are_not_certain():
    page = written(sheet(grey=120))
    page[YS[3] - 3 : YS[3] + 4, 440:512] = 250
    seen = found(page)
    assert [(round(box.x0), round(box.x1)) for box in seen.doubtful] == [(151, 230)]
    table = printed.document([scan.read_picture(page, 1)]).grids()[0]
    assert {(cell.row, cell.column) for cell in table.cells() if not cell.certain} == {(2, 1), (3, 1)}


def test_a_stroke_of_writing_that_ends_before_the_lines_is_no_wall():
    page = noisy(sheet(grey=120), 8)
    x, top, bottom = XS[2], YS[2], YS[3]
    page[top + 2 : bottom - 1, x - 3 : x + 4] = 250
    cv2.line(page, (x, top + 9), (x, bottom - 8), 60, 2)
    seen = found(page)
    assert Span(2, 1, 1, 2) in seen.tables[0].spans
    assert not seen.doubtful


def test_a_minus_right_behind_a_line_is_not_taken_for_a_part_of_it():
    page = sheet(grey=120)
    y, begin = (YS[2] + YS[3]) // 2, XS[2] + 3
    page[y : y + 2, begin : begin + 8] = 0
    assert not found(page).covered[y - 1 : y + 3, begin : begin + 8].any()


def test_rows_of_writing_are_no_lines():
    page = np.full((2339, 1654), 250, np.uint8)
    for y in range(200, 2000, 44):
        cv2.putText(page, "- = = = = - E E E E Z Z Z = =", (160, y), cv2.FONT_HERSHEY_DUPLEX, 1.2, 0, 2, 16)
    assert not found(page).tables


def test_a_pattern_is_no_page():
    page = np.full((2339, 1654), 250, np.uint8)
    page[::12] = page[:, ::12] = 0
    with pytest.raises(TooManyRules):
        found(page)
    assert [told.code for told in scan.read_picture(page, 1).findings] == ["rules_cut"]
