"""Whole numbers in as few bytes as they need: seven bits each, the lowest first (LEB128)."""


def varint(number: int) -> bytes:
    made = bytearray()
    while number > 0x7F:
        made.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes((*made, number))


def read_varint(data: bytes, at: int) -> tuple[int, int]:
    """Give the number at a place and the place behind it. Raises IndexError where the data end before."""
    number = shift = 0
    while data[at] > 0x7F:
        number |= (data[at] & 0x7F) << shift
        shift += 7
        at += 1
    return number | data[at] << shift, at + 1
