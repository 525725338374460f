"""Invented pages for measuring: hosts with chrome of their own, the statutory table in Word's markup, prose.

About 43 KB each, of which gzip leaves a fifth, as of real pages (2,000 of them: research before the project).
"""

import random
from collections import defaultdict
from pathlib import Path

SEEDS = ("README.zh.md", "docs/tables.md", "samples/sites")
CELL = (
    '<td style="border:solid windowtext 1.0pt;padding:0cm 5.4pt;width:{width}pt" valign="top">'
    '<p class="MsoNormal" align="center" style="text-align:center;line-height:15.6pt">'
    '<span lang="EN-US" style="font-size:10.5pt;font-family:宋体">{value}</span></p></td>'
)


class Writer:
    """Writes prose that looks like the seeds: each character follows the two before it as it did there."""

    def __init__(self, root: Path) -> None:
        text = "".join(path.read_text(encoding="utf-8") for path in sorted(files_of(root)))
        self.next: dict[str, list[str]] = defaultdict(list)
        for first, second, third in zip(text, text[1:], text[2:], strict=False):
            self.next[first + second].append(third)

    def write(self, chance: random.Random, length: int) -> str:
        state = chance.choice(sorted(self.next))
        written = [state]
        for _ in range(length):
            state = state[1] + chance.choice(self.next.get(state) or ["。"])
            written.append(state[1])
        return "".join(written)


def files_of(root: Path) -> list[Path]:
    found = [root / seed for seed in SEEDS]
    return [path for each in found for path in (each.rglob("*.toml") if each.is_dir() else [each])]


def chrome_of(writer: Writer, host: int) -> tuple[str, str]:
    """Give what stands before and after every page of a host."""
    chance = random.Random(host)
    style = "".join(
        f".c{chance.randrange(9999)}{{color:#{chance.randrange(1 << 24):06x};top:{chance.randrange(40)}px}}\n"
        for _ in range(260)
    )
    menu = "".join(
        f'<li><a href="/c{chance.randrange(999)}/">{writer.write(chance, 6)}</a></li>\n' for _ in range(130)
    )
    foot = writer.write(chance, 700)
    head = f'<html><head><style>{style}</style></head><body><ul class="nav">{menu}</ul>'
    return head, f'<div class="foot">{foot}</div></body></html>'


def page_of(writer: Writer, chrome: tuple[str, str], number: int, views: int) -> bytes:
    chance = random.Random(10_000 + number)
    cells = [CELL.format(width=chance.choice((40, 55)), value=chance.randrange(300)) for _ in range(13 * 7)]
    cells = [CELL.format(width=chance.choice((40, 55)), value=chance.randrange(300)) for _ in range(13 * 7)]
    rows = "".join(f"<tr>{''.join(cells[at : at + 7])}</tr>" for at in range(0, len(cells), 7))
    prose = "".join(f"<p>{writer.write(chance, 150)}</p>\n" for _ in range(11))
    counter = f'<span id="views">浏览次数:{views}</span>'
    return f"{chrome[0]}<h1>{number}年报</h1>{counter}{prose}<table>{rows}</table>{chrome[1]}".encode()
