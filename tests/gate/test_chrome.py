"""The gate: sections hold the report's words and nothing else, as exactly as ever before."""

import pytest

from benchmarks import chrome

LEAST = 0.995


@pytest.fixture(scope="module")
def invented():
    return chrome.measured(list(chrome.invented_pages()))


def test_invented_pages(invented):
    total, faults = invented
    assert (total.pages, total.official) == (43, 46902)  # other pages say nothing about the floors
    assert (total.official - total.kept, total.let_through) == (0, 0), faults


@pytest.mark.real
def test_real_pages(real_dir):
    total, faults = chrome.measured(list(chrome.real_pages(real_dir)))
    assert (total.pages, total.official) == (22, 36520)
    assert total.official - total.kept <= 15, faults  # 发布日期 in the text of one page
    assert total.let_through == 0, faults
    assert min(total.recall, total.precision) >= LEAST


def test_what_is_lost_and_what_is_let_through_counts():
    body = (
        "<h1>某局2023年政府信息公开工作年度报告</h1><p>一、总体情况</p><p>我局主动公开政府信息。</p>".encode()
    )
    result, said = chrome.score(chrome.Page("a", body, "一、总体情况收到申请零件。"))
    assert (result.official, result.kept, result.let_through) == (13, 6, 11)
    assert said == ["let through: 我局主动公开政府信息。", "lost: 收到申请零件。"]
