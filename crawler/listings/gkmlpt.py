"""广东's platform gkmlpt: the tree of columns stands in `_CONFIG`, their lists come as JSON by its ids."""

import json
import re
from collections.abc import Iterator
from typing import Any

from crawler.listings import answers
from crawler.listings.base import Entry, Listing, PageRequest
from crawler.page import Page
from crawler.tags import squeeze

CONFIG = re.compile(r"\b_CONFIG\s*=\s*")
TREE = re.compile(r"\bTREE['\"]?\s*:\s*")
SID = re.compile(r"\bSID['\"]?\s*:\s*['\"]?(\w+)")


class Gkmlpt(Listing):
    name = "gkmlpt"
    lists = "/gkmlpt/api/all/"

    def recognises(self, page: Page) -> bool:
        return self.lists in page.url or ("/gkmlpt/" in page.text and bool(CONFIG.search(page.text)))

    def entries(self, page: Page) -> list[Entry]:
        return answers.lines(page)

    def next_pages(self, page: Page) -> list[PageRequest]:
        return answers.further(page, len(self.entries(page))) if self.lists in page.url else []

    def columns(self, page: Page) -> list[Entry]:
        """Every node of the tree by its id. What lies under a column of annual reports bears its name too."""
        sid = SID.search(page.text)
        return list(self.nodes(page, tree_of(page), sid[1])) if sid else []

    def nodes(self, page: Page, tree: Any, sid: str, above: str = "") -> Iterator[Entry]:
        for node in tree if isinstance(tree, list) else ():
            name = squeeze(str(node.get("name") or ""))
            words = f"{above}{name}" if above.endswith(("年报", "年度报告")) else name
            reference = node.get("jump_url") or f"{self.lists}{node.get('id')}?page=1&sid={sid}"
            if url := page.address(reference):
                yield Entry(url, words)
            yield from self.nodes(page, node.get("children"), sid, name)


def tree_of(page: Page) -> Any:
    """The tree alone, for the rest of `_CONFIG` is not always JSON."""
    match = TREE.search(page.text)
    try:
        return json.JSONDecoder(strict=False).raw_decode(page.text, match.end())[0] if match else None
    except ValueError:
        return None
