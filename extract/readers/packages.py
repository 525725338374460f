"""ZIP files and the XML packages of office programs, opened under limits: their senders are strangers."""

import zlib
from collections.abc import Iterable
from io import BytesIO
from zipfile import BadZipFile, ZipFile, ZipInfo

from lxml import etree

from extract.readers.formats import NotReadable

MOST_MEMBERS = 5_000
LARGEST_MEMBER = 64_000_000
"""Bytes unpacked; the sum of all members that are read may not be larger, either."""
LARGEST_XML = 16_000_000
"""Bytes of one XML part. The text of a long report is 1 MB."""
MOST_TAGS = 500_000
"""In one XML part. A long report has 50,000; reading takes about 5 µs and 400 bytes for each."""
_ENCRYPTED = 1
"""The bit of a member's flags (APPNOTE.TXT 4.4.4)."""


class Package:
    """Members by name. Everything that is wrong with a package, or too large, is NotReadable."""

    def __init__(self, payload: bytes) -> None:
        try:
            self._zip = ZipFile(BytesIO(payload))
        except (BadZipFile, ValueError, NotImplementedError) as error:
            raise NotReadable(f"a damaged ZIP container: {error}") from error
        self.members = tuple(each for each in self._zip.infolist() if not each.is_dir())
        if len(self.members) > MOST_MEMBERS:
            raise NotReadable(f"a ZIP container of {len(self.members)} members, more than {MOST_MEMBERS}")
        self._left = LARGEST_MEMBER

    @property
    def names(self) -> Iterable[str]:
        return (member.filename for member in self.members)

    def unpack(self, member: ZipInfo) -> bytes:
        """A member never gives more bytes than it declares (zipfile sees to that)."""
        if member.flag_bits & _ENCRYPTED:
            raise NotReadable(f"{member.filename}: locked with a password")
        if member.file_size > self._left:
            raise NotReadable(
                f"{member.filename}: unpacks to more than {LARGEST_MEMBER} bytes with the others"
            )
        self._left -= member.file_size
        try:
            return self._zip.read(member)
        except (BadZipFile, EOFError, NotImplementedError, zlib.error, OSError, ValueError) as error:
            raise NotReadable(f"{member.filename}: damaged ({error})") from error

    def part(self, name: str) -> bytes | None:
        """None where the package has no such part."""
        member = self._member(name)
        return None if member is None else self.unpack(member)

    def _member(self, name: str) -> ZipInfo | None:
        return next((each for each in self.members if each.filename == name), None)

    def tree(self, name: str) -> etree._Element | None:
        """The root of an XML part; None where the package has no such part."""
        member = self._member(name)
        if member is None:
            return None
        if member.file_size > LARGEST_XML:
            raise NotReadable(f"{name}: {member.file_size} bytes of XML, more than {LARGEST_XML}")
        return parse_xml(self.unpack(member), name)


def parse_xml(text: bytes, name: str) -> etree._Element:
    """Neither entities nor anything outside are resolved; a part that declares its own types is refused."""
    if text.count(b"<") > MOST_TAGS:
        raise NotReadable(f"{name}: more than {MOST_TAGS} tags")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True)
    try:
        root = etree.fromstring(text, parser)
    except etree.XMLSyntaxError as error:
        raise NotReadable(f"{name}: {error.msg}") from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise NotReadable(f"{name}: declares a document type, which office programs never do")
    return root
