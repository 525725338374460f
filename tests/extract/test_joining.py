"""What of a page and its files makes one report, and from which of them each part is taken."""

from decimal import Decimal

from msgspec import structs

from extract.document import Finding
from extract.joining import join
from extract.result import Extraction, Identity, ReadCell, Section, SiteFacts

TITLE = "某某县财政局2023年政府信息公开工作年度报告"


def cell(row, value, place="xpath:/html"):
    return ReadCell("requests", row, "total", Decimal(value), "number", value, "件", place)


def read(cells=(), *, is_report=True, year=2023, publisher="某某县财政局", title=TITLE, words="", **said):
    identity = Identity(publisher, year, title, evidence={"publisher": said.pop("publisher_from", "title")})
    return Extraction(
        is_report=is_report,
        reasons=("+6 title",),
        margin=1,
        form="2021" if cells else "none",
        status="partial" if cells else "text_only",
        identity=structs.replace(identity, **said),
        site=SiteFacts(name="某某县人民政府"),
        cells=tuple(cells),
        sections=(Section(1, "一、总体情况", words),) if words else (),
    )


FIGURES = (cell("received", "21", "table:1/row:4/column:10"), cell("granted", "3", "table:1/row:6/column:10"))


def test_a_page_of_one_sentence_has_the_figures_of_its_file():
    page = read(is_report=False, published_on="2024-01-20", index_number="000014349/2024-00001")
    file = read(FIGURES, title="附件", words="很长的正文")
    joined = join(page, [file])
    assert joined is not None
    assert (joined.source, joined.taken) == (0, (0,))
    report = joined.extraction
    assert (report.is_report, report.cells, report.form) == (True, FIGURES, "2021")
    assert report.identity.title == TITLE
    assert (report.identity.published_on, report.identity.index_number) == (
        "2024-01-20",
        "000014349/2024-00001",
    )
    assert report.site == page.site
    assert report.sections == file.sections


def test_a_site_names_itself_for_a_department():
    page = read(publisher="某某县人民政府", publisher_from="breadcrumb")
    joined = join(page, [read(FIGURES)])
    assert joined is not None
    assert joined.extraction.identity.publisher == "某某县财政局"
    assert joined.extraction.identity.evidence["publisher"] == "attachment: title"


def test_a_notice_lends_its_address_and_not_its_title():
    notice = read(is_report=False, title="关于公布某某县财政局2023年政府信息公开工作年度报告的通知")
    joined = join(
        structs.replace(notice, reasons=("-12 the title is that of a notice about reports",)), [read(FIGURES)]
    )
    assert joined is not None
    assert joined.extraction.identity.title == TITLE


def test_the_text_of_the_page_and_the_tables_of_the_file():
    page = read(words="二〇二三年，我局认真贯彻落实条例。")
    joined = join(page, [read(FIGURES, title="", year=None, publisher="")])
    assert joined is not None
    assert (joined.source, joined.extraction.sections, joined.extraction.cells) == (0, page.sections, FIGURES)


def test_both_are_compared_where_both_have_figures():
    page = read((cell("received", "21"), cell("granted", "4", "xpath:/html/table")))
    joined = join(page, [read(FIGURES)])
    assert joined is not None
    assert (joined.source, joined.taken) == (None, (0,))
    assert joined.extraction.findings == (
        Finding(
            "attachment_differs",
            "requests/granted/total: '4' here, '3' in the other version",
            "xpath:/html/table",
        ),
    )


def test_equal_versions_differ_in_nothing():
    joined = join(read(is_report=False), [read(FIGURES), read(FIGURES)])
    assert joined is not None
    assert (joined.source, joined.taken, joined.extraction.findings) == (0, (0, 1), ())


def test_another_form_is_one_finding():
    joined = join(read(FIGURES), [structs.replace(read(FIGURES), form="2019")])
    assert joined is not None
    assert [finding.code for finding in joined.extraction.findings] == ["attachment_differs"]


def test_what_is_no_report_of_the_page_is_left_alone():
    assert join(read(), []) is None
    assert join(read(), [read(is_report=False)]) is None
    assert join(read(year=2022), [read(FIGURES)]) is None
    assert join(read(is_report=False, year=None), [read(FIGURES), read(FIGURES, year=2022)]) is None
    assert join(read(is_report=False), [read(FIGURES), read(FIGURES, publisher="某某县民政局")]) is None
    listing = structs.replace(read(is_report=False), findings=(Finding("mostly_links", "links"),))
    assert join(listing, [read(FIGURES)]) is None


def test_an_article_that_is_one_link_is_the_page_of_its_file():
    listing = structs.replace(read(is_report=False), findings=(Finding("mostly_links", "links"),))
    titled = structs.replace(listing.identity, evidence={"title": "meta ArticleTitle"})
    assert join(structs.replace(listing, identity=titled), [read(FIGURES)]) is not None
