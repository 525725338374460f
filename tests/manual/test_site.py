"""The site as it is built: whole in both languages, asking nothing of elsewhere."""

import json
import re

import pytest

from manual import site
from manual.speech import LANGUAGES, Undocumented

LOADED = re.compile(r'<(?:script|link|img|iframe)[^>]*(?:src|href)="https?:')


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    folder = tmp_path_factory.mktemp("site")
    for language in LANGUAGES:
        site.build(language, folder)
    return folder


def places(built, language):
    return {str(page.relative_to(built / language)) for page in (built / language).rglob("*.html")}


def test_both_languages_have_every_page(built):
    assert places(built, "zh") == places(built, "en") >= {"tutorial.html", "reference/tables.html"}


def test_nothing_is_loaded_from_elsewhere(built):
    for page in built.rglob("*.html"):
        assert not LOADED.search(page.read_text(encoding="utf-8")), page


def test_the_other_language_is_the_same_page(built):
    page = (built / "zh" / "howto" / "site.html").read_text(encoding="utf-8")
    assert 'href="../../en/howto/site.html" hreflang="en"' in page


def test_chinese_can_be_searched_and_has_no_gaps_where_lines_end(built):
    found = json.loads((built / "zh" / "search.json").read_text(encoding="utf-8"))
    assert "空白不是零" in json.dumps(found, ensure_ascii=False)
    assert "不断消失。<strong>年报</strong>找到" in (built / "zh" / "index.html").read_text(encoding="utf-8")
    assert "得分最高的一个" in (built / "zh" / "overview.html").read_text(encoding="utf-8")  # in a list


def test_a_page_without_its_place_stops_the_build(tmp_path, monkeypatch):
    (tmp_path / "new.md").write_text("# new\n")
    monkeypatch.setattr(site, "DOCS", tmp_path)
    with pytest.raises(Undocumented, match=r"manual/site\.toml: no words for new\.md"):
        site.gather("en", tmp_path / "out")


def test_a_link_that_leads_nowhere_stops_it(tmp_path, monkeypatch):
    begun = site.gather

    def with_a_broken_link(language, folder):
        begun(language, folder)
        (folder / "index.md").write_text("# x\n\n[gone](gone.md)\n")

    monkeypatch.setattr(site, "gather", with_a_broken_link)
    with pytest.raises(Undocumented, match="page does not exist"):
        site.build("en", tmp_path)
