import ast
from pathlib import Path

from extract import chrome
from extract.chrome import strip
from extract.decode import decode
from extract.readers.grids import data_tables
from extract.readers.markup import parse
from extract.readers.passages import passages

SENTENCE = (
    "我局认真贯彻落实《中华人民共和国政府信息公开条例》，主动公开政府信息三十五条，收到政府信息公开申请零件。"
)
TABLE = "<table><tr><td>规章<td>0</tr><tr><td>行政规范性文件<td>1</tr></table>"
LINK = "<a href=a>附件：某局2023年年报</a>"


def stripped(markup: str):
    root = parse(decode(f"<html><body>{markup}</body></html>".encode())).root
    seen = list(passages(root, data_tables(root)))
    return strip(root.find("body"), seen)


def said(markup: str) -> list[str]:
    return ["TABLE" if passage.is_table else passage.text for passage in stripped(markup).kept]


def never(*_):
    raise AssertionError("asked")


def test_tables_stay_where_they_are():
    markup = f"<p>{SENTENCE}</p>{TABLE}<p>三、收到和处理政府信息公开申请情况</p>{TABLE}<p>无。</p>"
    assert said(markup) == [SENTENCE, "TABLE", "三、收到和处理政府信息公开申请情况", "TABLE", "无。"]
    assert stripped(markup).findings == ()


def test_short_reports_lose_nothing():
    assert said(f"<p>一、总体情况</p><p>无。</p>{TABLE}<p>无</p>") == ["一、总体情况", "无。", "TABLE", "无"]


def test_lists_of_links_go_and_an_attachment_stays():
    links = "".join(f"<li><a href={n}>某局开展第{n}次检查</a></li>" for n in range(5))
    attachment = '<p><a href="a.pdf">附件：某局2023年年报.pdf</a></p>'
    kept = said(f"<p>{SENTENCE}</p><p>{SENTENCE}</p>{attachment}<ul>{links}</ul>")
    assert kept[:2] == [SENTENCE, SENTENCE]
    assert not [text for text in kept if "检查" in text]


def test_what_trafilatura_would_lose_is_kept_and_said(monkeypatch):
    monkeypatch.setattr(chrome, "_prose", lambda _container, _passages: "")
    kept = stripped(f"<p>{SENTENCE}</p>{TABLE}<p>{LINK}</p>")
    assert len(kept.kept) == 3
    assert [finding.code for finding in kept.findings] == ["chrome_by_own_rules"]


def test_a_placeholder_that_comes_twice_is_not_trusted(monkeypatch):
    monkeypatch.setattr(chrome, "_prose", lambda _container, _passages: "〔TABLE0〕〔TABLE0〕")
    assert stripped(TABLE + LINK).findings


def test_without_links_trafilatura_is_not_asked(monkeypatch):
    monkeypatch.setattr(chrome, "_prose", never)
    assert len(stripped(f"<p>{SENTENCE}</p>{TABLE}<p>见<a href=b>附件</a>，另有说明。</p>").kept) == 3


def test_size_is_decided_before_trafilatura_is_asked(monkeypatch):
    monkeypatch.setattr(chrome, "_prose", never)
    kept = stripped(LINK + f"<p>{SENTENCE}</p>" * chrome.MOST_PASSAGES)
    assert len(kept.kept) == chrome.MOST_PASSAGES + 1
    assert kept.findings


def test_trafilatura_is_named_in_one_module():
    for path in Path(chrome.__file__).parents[1].glob("*/**/*.py"):
        if path.parts[len(Path(chrome.__file__).parents[1].parts)] not in (
            "extract",
            "crawler",
            "pipeline",
            "storage",
        ):
            continue
        imports = [
            node
            for node in ast.walk(ast.parse(path.read_text()))
            if isinstance(node, ast.Import | ast.ImportFrom)
        ]
        named = any("trafilatura" in ast.dump(node) for node in imports)
        assert named == (path.name == "chrome.py"), path
