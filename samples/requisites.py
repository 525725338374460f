"""What the pages of an invented site need to look like one: style sheets and pictures, drawn when asked for.

Each site has a colour of its own. One style sheet imports another and shows a picture, as they do; one
picture that every page of the TRS kind shows is not there, as there always is one.
"""

import struct
import zlib
from collections.abc import Callable
from colorsys import hls_to_rgb
from itertools import chain
from pathlib import PurePosixPath
from zlib import crc32

from samples.answers import Answer

Colour = tuple[int, int, int]
WHITE: Colour = (255, 255, 255)
PICTURES = {  # by name: width and height
    "logo.png": (420, 70),
    "top.jpg": (1000, 180),
    "bg.png": (8, 64),
    "tujie.jpg": (600, 320),
    "conac.png": (48, 48),
    "red.png": (48, 48),
    "blue.png": (48, 48),
    "ba.png": (20, 20),
    "dot.gif": (6, 6),
    "favicon.ico": (16, 16),
}
SHEET = """@charset "utf-8";
/* {name} */
@import url("base.css");
body {{ background: #fff url("{bg}") repeat-x; }}
.header, .nav, .top, .logo, td[bgcolor] {{ background-color: {colour}; color: #fff; }}
.header a, .nav a, .top a {{ color: #fff; }}
table td {{ border-color: {colour}; }}
"""
BASE = """body { margin: 0; font: 15px/1.8 "Microsoft YaHei", "WenQuanYi Zen Hei", sans-serif; color: #333; }
ul { list-style: none; padding: 0; }
a { color: #245; text-decoration: none; }
table { border-collapse: collapse; }
.content td { border: 1px solid #999; padding: 2px 6px; }
"""
ENDINGS = (".css", ".png", ".jpg", ".gif", ".ico")
SHEETS = ("common.css", "style.css")


def requisite(host: str, name: str, path: str) -> Answer | None:
    """What lies at the path on the site of that name, by the end of the path."""
    file = PurePosixPath(path).name
    if file in SHEETS:
        text = SHEET.format(name=name, bg="bg.png", colour="rgb({},{},{})".format(*colour_of(host)))
        return Answer(200, text.encode(), "text/css")
    if file == "base.css":
        return Answer(200, BASE.encode(), "text/css")
    if file in PICTURES:
        return Answer(200, picture(*PICTURES[file], colour_of(host)), "image/png")
    return None


def is_requisite(path: str) -> bool:
    return path.endswith(ENDINGS)


def colour_of(host: str) -> Colour:
    red, green, blue = (round(255 * part) for part in hls_to_rgb(crc32(host.encode()) % 360 / 360, 0.35, 0.6))
    return red, green, blue


def picture(width: int, height: int, colour: Colour) -> bytes:
    """A field of the colour with a white frame and a white bar, as PNG."""
    edge = max(1, min(width, height) // 12)

    def is_white(x: int, y: int) -> bool:
        in_frame = min(x, y, width - 1 - x, height - 1 - y) < edge
        return in_frame or (abs(2 * y - height) < 4 * edge and width / 4 < x < width * 3 / 4)

    return png(width, height, lambda x, y: WHITE if is_white(x, y) else colour)


def png(width: int, height: int, dot: Callable[[int, int], Colour]) -> bytes:
    rows = (b"\0" + bytes(chain.from_iterable(dot(x, y) for x in range(width))) for y in range(height))
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    parts = ((b"IHDR", head), (b"IDAT", zlib.compress(b"".join(rows), 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunk(*part) for part in parts)


def chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", crc32(kind + content))
