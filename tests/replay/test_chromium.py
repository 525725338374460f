"""The browser the replay is judged in: that it reads Chinese pages here, and reaches nothing else."""

import pytest
from playwright.sync_api import Error, Page


def test_a_name_outside_is_not_looked_up(page: Page) -> None:
    with pytest.raises(Error, match="ERR_NAME_NOT_RESOLVED"):
        page.goto("http://www.example.gov.cn/")
