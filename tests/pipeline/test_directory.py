import zipfile
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner

from pipeline import spreadsheets
from pipeline.cli import cli
from pipeline.commands.sites import STARTER
from pipeline.directory import load_directory
from settings.registry import RegistryError, Site, load_sites
from storage.database import open_database
from storage.sites import load_sites as registered
from storage.sites import register_sites

ROWS = """全国政府网站基本信息
序号,网站名称,首页网址,主办单位,网站标识码
1,乌有县人民政府,http://www.wuyou.gov.cn/,乌有县人民政府办公室,3408810001
2,某部,www.moubu.gov.cn,某部,bm99000001
3,"乌有县
财政局",https://czj.wuyou.gov.cn/col/1/;http://old.example.com,乌有县财政局,3408810002
4,外面,http://www.example.com/,某公司,3408810003
5,没有,,某局,3408810004
6,有口,http://www.kou.gov.cn:8080/,某局,3408810005
7,乌有县政务公开,http://www.wuyou.gov.cn/zwgk/,乌有县人民政府办公室,3408810006
"""
SITES = [
    Site(
        "www.wuyou.gov.cn",
        "乌有县人民政府",
        "340881",
        ("http://www.wuyou.gov.cn/", "http://www.wuyou.gov.cn/zwgk/"),
    ),
    Site("www.moubu.gov.cn", "某部", "", ("http://www.moubu.gov.cn/",)),
    Site("czj.wuyou.gov.cn", "乌有县财政局", "340881", ("https://czj.wuyou.gov.cn/col/1/",)),
]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", "\t"])
def test_a_table_in_any_dress(tmp_path, encoding, delimiter):
    file = tmp_path / "directory.csv"
    file.write_bytes(ROWS.replace(",", delimiter).encode(encoding))
    listed, unusable = load_directory(file)
    assert [each.site for each in listed] == SITES
    assert [each.site_id_code for each in listed] == ["3408810001", "bm99000001", "3408810002"]
    assert [each.line for each in unusable] == [7, 8, 9]
    assert "not a gov.cn host" in unusable[0].reason


MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"


def words(at: str, text: str) -> str:
    return f'<c r="{at}" t="inlineStr"><is><t>{text}</t></is></c>'


def relations(kind: str, target: str) -> str:
    one = f'<Relationship Id="r1" Type="{RELS}/{kind}" Target="{target}"/>'
    return f'<Relationships xmlns="{PACKAGE}/relationships">{one}</Relationships>'


LINES = (
    f'<row r="1">{words("A1", "网址")}{words("B1", "标识码")}</row>'
    f'<row r="3">{words("A3", "www.wuyou.gov.cn")}<c r="B3"><v>3408810001</v></c></row>'
    f'<row r="4">{words("A4", "nothing")}</row>'
)
PARTS = {
    "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types"></Types>',
    "_rels/.rels": relations("officeDocument", "xl/workbook.xml"),
    "xl/_rels/workbook.xml.rels": relations("worksheet", "worksheets/sheet1.xml"),
    "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{RELS}"><sheets>'
    '<sheet name="s" sheetId="1" r:id="r1"/></sheets></workbook>',
    "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{MAIN}"><sheetData>{LINES}</sheetData></worksheet>',
}


def test_a_spreadsheet_whose_codes_are_numbers(tmp_path):
    file = tmp_path / "directory.xlsx"
    with zipfile.ZipFile(file, "w") as book:
        for name, part in PARTS.items():
            book.writestr(name, part)
    [listed], [unusable] = load_directory(file)
    assert (listed.site.region, listed.site_id_code) == ("340881", "3408810001")
    assert unusable.line == 4


def in_html(rows: str) -> str:
    cells = (f"<tr><td>{line.replace(',', '</td><td>')}</td></tr>" for line in rows.splitlines()[2:4])
    head = "<tr><th>序号</th><th>网站名称</th><th>首页网址</th><th>主办单位</th><th>网站标识码</th></tr>"
    return f"<html><body><table>{head}{''.join(cells)}</table></body></html>"


def test_what_a_file_is_its_bytes_say(tmp_path):
    for name, data in (("directory.xls", ROWS.encode("gb18030")), ("other.xls", in_html(ROWS).encode())):
        (tmp_path / name).write_bytes(data)
        listed, _ = load_directory(tmp_path / name)
        assert "www.moubu.gov.cn" in {each.site.host for each in listed}


def test_a_zip_is_what_lies_in_it(tmp_path):
    file = tmp_path / "download"
    with zipfile.ZipFile(file, "w") as package:
        package.writestr("安徽/1.csv", ROWS)
        package.writestr("部委.csv", "网址,名称\nwww.bu.gov.cn,部\n")
    listed, _ = load_directory(file)
    assert [each.site.host for each in listed] == [*(site.host for site in SITES), "www.bu.gov.cn"]


def test_a_line_cut_within_its_address_is_not_used(tmp_path):
    whole = ROWS.encode("gb18030")
    (tmp_path / "cut.csv").write_bytes(whole[: whole.index(b"www.moubu") + 7])
    [listed], [unusable] = load_directory(tmp_path / "cut.csv")
    assert listed.site.host == "www.wuyou.gov.cn"
    assert unusable.reason == "www.mou: the line ends in its address; is the file whole?"


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("a.csv", b"a,b\n1,2\n", "no column is headed"),
        ("empty.csv", b"", "is empty"),
        ("a.xlsx", b"PK\x03\x04", "damaged"),
        ("a.xls", b"\xd0\xcf\x11\xe0", "damaged"),
        ("c.csv", bytes(range(128, 256)), "damaged"),
        ("d.html", b"<p>404</p>", "is empty"),
    ],
)
def test_what_is_no_directory_is_said(tmp_path, name, data, reason):
    (tmp_path / name).write_bytes(data)
    with pytest.raises(RegistryError, match=f"{name}: .*{reason}"):
        load_directory(tmp_path / name)


def test_what_of_a_zip_is_no_directory_is_said_by_its_name(tmp_path, monkeypatch):
    file = tmp_path / "a.zip"
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("__MACOSX/._1.csv", bytes(range(256)))
        package.writestr("1.csv", ROWS * 9)
    assert len(load_directory(file)[0]) == len(SITES)
    whole = file.read_bytes()
    at = whole.index(b"1.csv", 200) + 5
    file.write_bytes(whole[:at] + bytes(20) + whole[at + 20 :])
    with pytest.raises(RegistryError, match="damaged"):
        load_directory(file)
    file.write_bytes(whole)
    monkeypatch.setattr(spreadsheets, "LARGEST", len(whole))
    with pytest.raises(RegistryError, match=r"a\.zip/1\.csv: has .* more than"):
        load_directory(file)


def test_a_directory_changes_nothing_that_was_registered(tmp_path):
    url = f"sqlite:///{tmp_path}/x.db"
    database = open_database(url)
    own = Site(
        "www.wuyou.gov.cn", "我们的名字", start=("http://www.wuyou.gov.cn/a/",), listing="trs", delay=3.0
    )
    with database.write() as connection:
        register_sites(connection, [own])
    (tmp_path / "directory.csv").write_text(ROWS, encoding="utf-8")
    said = CliRunner().invoke(cli, ["--db", url, "sites", "import", str(tmp_path / "directory.csv")])
    assert said.exit_code == 0
    assert "3 sites" in said.output
    assert "2 of them new" in said.output
    assert "line 8: no address" in said.output
    with database.read() as connection:
        sites = {site.host: site for site in registered(connection)}
    database.close()
    assert sites["www.wuyou.gov.cn"].start == own.start
    assert sites["www.wuyou.gov.cn"].listing == "trs"
    assert sites["www.wuyou.gov.cn"].region == "340881"  # what was empty is filled
    assert len(sites) == 3


def test_the_starter_is_a_sites_file_of_unverified_official_hosts():
    sites = load_sites(Path(STARTER))
    assert len(sites) > 90
    assert all(site.host.endswith(".gov.cn") and site.note == "unverified" and site.name for site in sites)
    provinces = {site.region for site in sites if site.region.endswith("0000")}
    assert len(provinces) == 31


def test_what_no_option_says_of_a_site_stays(tmp_path):
    url = f"sqlite:///{tmp_path}/a.db"

    def add(*words):
        return CliRunner().invoke(cli, ["--db", url, "sites", "add", "www.wuyou.gov.cn", *words])

    assert add("--listing", "trs", "--start", "http://www.wuyou.gov.cn/a/", "--delay", "3").exit_code == 0
    assert add("--name", "乌有县", "--note", "慢").exit_code == 0
    assert add("--listing", "", "--delay", "4").exit_code == 0
    with closing(open_database(url)) as database, database.read() as connection:
        assert registered(connection) == [
            Site("www.wuyou.gov.cn", "乌有县", start=("http://www.wuyou.gov.cn/a/",), delay=4.0, note="慢")
        ]
