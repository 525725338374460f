"""A body as its base with one stretch replaced: what a view counter or a date makes of last night's page.

A splice is how many bytes begin as the base does, how many end as it does, and what stands between. Both are
as many as can be, the beginning first, so that a body has one splice and each of its bits counts.
"""

from storage.varint import read_varint, varint


class SpliceError(Exception):
    """A splice that fits no base, or not this one."""


def splice(body: bytes, base: bytes) -> bytes:
    """Give what `spliced` makes the body of again."""
    begin = same_beginning(body, base)
    end = same_end(body[begin:], base[begin:])
    return varint(begin) + varint(end) + body[begin : len(body) - end]


def spliced(stored: bytes, base: bytes) -> bytes:
    """Undo `splice`. Raises SpliceError, also for what says the same in another way."""
    try:
        begin, at = read_varint(stored, 0)
        end, at = read_varint(stored, at)
    except IndexError as error:
        raise SpliceError("is cut short") from error
    if begin + end > len(base):
        raise SpliceError(f"wants {begin + end} bytes of the {len(base)} that it leans on")
    body = base[:begin] + stored[at:] + base[len(base) - end :]
    if splice(body, base) != stored:
        raise SpliceError("is not the one splice of this body")
    return body


def same_beginning(one: bytes, other: bytes) -> int:
    least, most = 0, min(len(one), len(other))
    while least < most:
        middle = (least + most + 1) // 2
        if one[least:middle] == other[least:middle]:
            least = middle
        else:
            most = middle - 1
    return least


def same_end(one: bytes, other: bytes) -> int:
    least, most = 0, min(len(one), len(other))
    while least < most:
        middle = (least + most + 1) // 2
        if one[len(one) - middle : len(one) - least] == other[len(other) - middle : len(other) - least]:
            least = middle
        else:
            most = middle - 1
    return least
