"""What a payload is to a browser: by its first bytes, by the server's word only where those say nothing."""

from extract.readers.formats import NotReadable, sniff

PICTURES = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF8", "image/gif"),
    (b"BM", "image/bmp"),
    (b"\0\0\1\0", "image/x-icon"),
)
PAGES = ("text/html", "application/xhtml+xml")
SHEET, VECTOR = "text/css", "image/svg+xml"


def picture_of(body: bytes) -> str:
    """The type of a picture that every browser draws; empty for anything else."""
    if body[:4] == b"RIFF" and body[8:12] == b"WEBP":
        return "image/webp"
    return next((name for magic, name in PICTURES if body.startswith(magic)), "")


def format_of(body: bytes, content_type: str) -> str:
    """`css`, `svg`, or a format as the readers call it; `unknown` for what none of them reads."""
    stated = content_type.partition(";")[0].strip().lower()
    if stated == SHEET:
        return "css"
    if stated == VECTOR:
        return "svg"
    try:
        found = sniff(body)
    except NotReadable:
        return "unknown"
    return "html" if found == "text" and stated in PAGES else found
