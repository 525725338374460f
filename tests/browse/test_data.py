"""The codebook, the questions, the codes, and the SQL page."""

import csv
import io

import pytest

from browse.words import all_words
from storage.questions import load_questions


def test_every_question_has_words_in_both_languages():
    for name in load_questions():
        assert set(all_words()[f"question_{name}"]) == {"zh", "en"}


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_page_tells_tables_columns_and_questions(pages, language):
    page = pages.get("/data", params={"lang": language}).text
    pages.cookies.clear()
    assert "locator" in page
    assert "SELECT year, SUM(bodies) AS bodies" in page
    assert "第二十条第（一）项" in page or "handled_total" in page


def test_codes_have_every_official_cell_with_its_words(pages):
    rows = list(csv.DictReader(io.StringIO(pages.get("/codes.csv").text.removeprefix("\ufeff"))))
    found = {(row["form"], row["table_code"], row["row_code"], row["col_code"]): row for row in rows}
    assert len(found) == len(rows)
    assert found["2021", "requests", "received", "total"]["row"] == "一、本年新收政府信息公开申请数量"


def test_sql_is_asked_read_only_and_keeps_its_policy(pages, keep):
    pytest.importorskip("datasette", reason="the sql extra is not installed")
    answer = pages.get(
        "/sql/nianbao.json", params={"sql": "select count(*) as n from reports", "_shape": "array"}
    )
    assert answer.json() == [{"n": 0}]
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    wrong = pages.get("/sql/nianbao.json", params={"sql": "delete from runs"})
    assert wrong.status_code == 400
    slow = "with recursive a(n) as (select 1 union all select n + 1 from a) select sum(n) from a"
    assert pages.get("/sql/nianbao.json", params={"sql": slow}).status_code == 400
