"""OFD written here by hand after GB/T 33190: runs with distances, paths, templates."""

import io
import zipfile

import pytest

from extract.readers import NotReadable, read
from extract.readers.places import resolve
from extract.readers.scanned import scanned_pages

NAMESPACE = 'xmlns:ofd="http://www.ofdspec.org/2016"'
ROWS = [["信息内容", "本年制发件数", "本年废止件数"], ["规章", "1", "20"], ["行政规范性文件", "3", "4000"]]
WIDTHS = (50, 40, 40)  # millimetres


def run(x, y, words, size=4, distances=None):
    steps = distances or f"g {len(words) - 1} {size}" if len(words) > 1 else ""
    delta = f' DeltaX="{steps}"' if steps else ""
    return (
        f'<ofd:TextObject ID="1" Boundary="{x} {y} 80 6" Font="2" Size="{size}">'
        f'<ofd:TextCode X="0" Y="{size}"{delta}>{words}</ofd:TextCode></ofd:TextObject>'
    )


def stroke(x0, y0, x1, y1):
    return (
        f'<ofd:PathObject ID="1" Boundary="{x0} {y0} {x1 - x0 + 1} {y1 - y0 + 1}" LineWidth="0.2">'
        f"<ofd:AbbreviatedData>M 0 0 L {x1 - x0} {y1 - y0}</ofd:AbbreviatedData></ofd:PathObject>"
    )


def table(x=20, y=60, height=8):
    edges = [x + sum(WIDTHS[:number]) for number in range(len(WIDTHS) + 1)]
    lines = [stroke(x, y + row * height, edges[-1], y + row * height) for row in range(len(ROWS) + 1)]
    lines += [stroke(edge, y, edge, y + len(ROWS) * height) for edge in edges]
    words = [
        run(edges[column] + 2, y + row * height + 1, text)
        for row, cells in enumerate(ROWS)
        for column, text in enumerate(cells)
    ]
    return "".join(lines + words)


def content(*objects, head=""):
    layer = f"<ofd:Layer>{''.join(objects)}</ofd:Layer>"
    return f"<ofd:Page {NAMESPACE}>{head}<ofd:Content>{layer}</ofd:Content></ofd:Page>"


def package(*pages, template="", extra=()):
    listed = "".join(f'<ofd:Page ID="{n}" BaseLoc="Pages/Page_{n}/Content.xml"/>' for n in range(len(pages)))
    document = (
        f"<ofd:Document {NAMESPACE}><ofd:CommonData><ofd:PageArea><ofd:PhysicalBox>0 0 210 297"
        '</ofd:PhysicalBox></ofd:PageArea><ofd:TemplatePage ID="9" BaseLoc="Tpls/Tpl_0/Content.xml"/>'
        "<ofd:DocumentRes>DocumentRes.xml</ofd:DocumentRes>"
        f"</ofd:CommonData><ofd:Pages>{listed}</ofd:Pages></ofd:Document>"
    )
    body = "<ofd:DocBody><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody>"
    root = f"<ofd:OFD {NAMESPACE}>{body}</ofd:OFD>"
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("OFD.xml", root)
        archive.writestr("Doc_0/Document.xml", document)
        for number, page in enumerate(pages):
            archive.writestr(f"Doc_0/Pages/Page_{number}/Content.xml", page)
        if template:
            archive.writestr("Doc_0/Tpls/Tpl_0/Content.xml", template)
        for name, body in extra:
            archive.writestr(name, body)
    return held.getvalue()


def texts(grid):
    return [[cell.text for cell in row] for row in grid.rows]


def test_runs_and_paths_become_prose_and_a_grid():
    payload = package(content(run(40, 30, "某市2023年政府信息公开工作年度报告", 6), table()))
    document = read(payload)
    assert [block.text for block in document.prose()] == ["某市2023年政府信息公开工作年度报告"]
    assert texts(document.grids()[0]) == ROWS


def test_every_place_leads_back_to_its_text():
    payload = package(content(run(40, 30, "年度报告", 6), table()))
    document = read(payload)
    placed = [*document.prose(), *(cell for grid in document.grids() for cell in grid.cells())]
    assert [resolve(payload, each.place) for each in placed] == [each.text for each in placed]
    with pytest.raises(LookupError):
        resolve(payload, "page:2/box:0.0,0.0,1.0,1.0")


def test_a_template_lies_under_the_page():
    lines = content(*(part + ">" for part in table().split(">") if part)).replace("TextObject", "Ignored")
    words = "".join(f"<{part}" for part in table().split("<") if "Text" in part)
    page = content(words, head='<ofd:Template TemplateID="9"/>')
    assert texts(read(package(page, template=lines)).grids()[0]) == ROWS


def test_a_rectangle_is_four_lines():
    frame = (
        '<ofd:PathObject ID="1" Boundary="20 60 100 16"><ofd:AbbreviatedData>'
        "M 0 0 L 100 0 L 100 16 L 0 16 C M 50 0 L 50 16</ofd:AbbreviatedData></ofd:PathObject>"
    )
    page = content(frame, run(22, 64, "规章"), run(72, 64, "12"))
    assert texts(read(package(page)).grids()[0]) == [["规章", "12"]]


def test_distances_tell_words_apart():
    page = content(run(20, 30, "1012", distances="2 6 2"))
    assert read(package(page)).prose()[0].text == "10 12"


@pytest.mark.parametrize(
    ("payload", "said"),
    [
        (package(content()), "without text"),
        (package(content())[:400], "damaged"),
        (package("<ofd:Page"), "Page_0/Content.xml"),
        (package('<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'), "declares a document type"),
    ],
)
def test_what_is_wrong_is_said_in_one_line(payload, said):
    with pytest.raises(NotReadable, match=said) as caught:
        read(payload)
    assert "\n" not in str(caught.value)


def test_a_bomb_is_not_unpacked():
    bomb = content(run(20, 30, "年报")) + " " * 20_000_000
    with pytest.raises(NotReadable, match="bytes of XML"):
        read(package(bomb))


def test_a_page_that_is_a_picture_is_read_by_ocr():
    np = pytest.importorskip("numpy", reason="the ocr extra is not installed")
    cv2 = pytest.importorskip("cv2", reason="the ocr extra is not installed")
    pytest.importorskip("rapidocr", reason="the ocr extra is not installed")
    page = np.full((1754, 1240), 255, np.uint8)
    for at in range(3):
        cv2.line(page, (200, 150 + 60 * at), (760, 150 + 60 * at), 0, 2)
        cv2.line(page, (200 + 280 * at, 150), (200 + 280 * at, 270), 0, 2)
        for column in range(2 if at < 2 else 0):
            where = (240 + 280 * column, 192 + 60 * at)
            cv2.putText(page, f"{417 * (at + 1)}{column}", where, cv2.FONT_HERSHEY_DUPLEX, 0.9, 0, 1, 16)
    shown = '<ofd:ImageObject ID="3" Boundary="0 0 210 297" ResourceID="7"/>'
    media = '<ofd:MultiMedia ID="7" Type="Image"><ofd:MediaFile>scan.png</ofd:MediaFile></ofd:MultiMedia>'
    resources = f'<ofd:Res {NAMESPACE} BaseLoc="Res"><ofd:MultiMedias>{media}</ofd:MultiMedias></ofd:Res>'
    held = [
        ("Doc_0/DocumentRes.xml", resources),
        ("Doc_0/Res/scan.png", cv2.imencode(".png", page)[1].tobytes()),
    ]
    payload = package(content(shown), content(run(20, 20, "规章")), extra=held)
    grid = read(payload).grids()[0]
    assert [[cell.text for cell in row] for row in grid.rows] == [["4170", "4171"], ["8340", "8341"]]
    assert all(resolve(payload, cell.place) == cell.text for cell in grid.cells())
    assert scanned_pages(payload) == 1


def test_a_picture_that_is_not_there_costs_only_its_page():
    shown = '<ofd:ImageObject ID="3" Boundary="0 0 210 297" ResourceID="7"/>'
    assert read(package(content(shown), content(run(20, 20, "规章")))).prose()[0].text == "规章"
