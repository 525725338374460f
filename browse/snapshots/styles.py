r"""Style sheets with every address turned into the archive.

The addresses are found by a parser of CSS and not by patterns, for `@\69mport` imports as well.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

import tinycss2
from tinycss2.ast import AtKeywordToken, FunctionBlock, Node, StringToken, URLToken

MOST = 1_000_000  # characters; a longer sheet is left out, for the parser takes about a second for these
LOADS = frozenset(
    {"url", "src", "image", "image-set", "-webkit-image-set", "cross-fade", "-webkit-cross-fade"}
)
SIGNS = ("url", "import", "image", "src", "cross-fade", "\\")  # without one of them nothing is loaded
BLOCKS = ("content", "arguments")
Turn = Callable[[str], str]


def turned(sheet: str, turn: Turn) -> str:
    """The sheet with what it loads turned by `turn`; safe inside a <style>."""
    lowered = sheet.lower()
    if not any(sign in lowered for sign in SIGNS):
        return sheet.replace("</", "<\\/")
    if len(sheet) > MOST:
        return "/* too long to be shown safely */"
    try:
        nodes = tinycss2.parse_component_value_list(sheet)
        text: str = tinycss2.serialize(list(turned_nodes(nodes, turn)))
    except RecursionError:
        return "/* nested too deep to be shown safely */"
    return text.replace("</", "<\\/")


def turned_nodes(nodes: Iterable[Node], turn: Turn, *, loads: bool = False) -> Iterator[Node]:
    """`loads`: a string among these nodes is an address."""
    imports = False
    for node in nodes:
        if isinstance(node, URLToken) or (isinstance(node, StringToken) and (loads or imports)):
            yield from quoted(turn(node.value), is_url=isinstance(node, URLToken))
        else:
            turn_inside(node, turn)
            yield node
        if node.type != "whitespace":
            imports = isinstance(node, AtKeywordToken) and node.lower_value == "import"


def turn_inside(node: Any, turn: Turn) -> None:
    loads = isinstance(node, FunctionBlock) and node.lower_name in LOADS
    for name in BLOCKS:
        inside: Sequence[Node] | None = getattr(node, name, None)
        if inside is not None:
            setattr(node, name, list(turned_nodes(inside, turn, loads=loads)))


def quoted(address: str, *, is_url: bool) -> list[Node]:
    text = f'url("{escaped(address)}")' if is_url else f'"{escaped(address)}"'
    return list(tinycss2.parse_component_value_list(text))


def escaped(address: str) -> str:
    return address.replace("\\", "%5C").replace('"', "%22").replace("\n", "%0A")
