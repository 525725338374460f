"""Numbers that say who and where a body is: its credit code inside the index number, and GB/T 2260 codes."""

import re

CREDIT_CODE = re.compile(r"(?<![0-9A-Z])[0-9A-HJ-NPQRTUWXY]{2}\d{6}[0-9A-HJ-NPQRTUWXY]{10}(?![0-9A-Z])")
SIGNS = "0123456789ABCDEFGHJKLMNPQRTUWXY"  # GB 32100-2015: no I, O, S, V, Z
PROVINCES = range(11, 83)


def credit_code(index_number: str) -> str:
    """The unified social credit code (统一社会信用代码) that an index number begins with, or empty.

    `11341700MB1631138U/202312-00030`; the last sign is a check over the others.
    """
    match = CREDIT_CODE.search(index_number.upper())
    return match[0] if match and check_sign(match[0][:-1]) == match[0][-1] else ""


def check_sign(code: str) -> str:
    """GB 32100-2015, 附录: weights are powers of 3 modulo 31."""
    total = sum(SIGNS.index(sign) * pow(3, place, 31) for place, sign in enumerate(code))
    return SIGNS[-total % 31]


def region_of_credit_code(code: str) -> str:
    """Positions 3 to 8: where the body is registered. Empty for what is no province's."""
    region = code[2:8]
    return region if region and int(region[:2]) in PROVINCES else ""


def finer_region(said: str, site: str) -> str:
    """The region of a body: what its own code says, unless its site belongs to a part of that region."""
    lies_within = bool(said) and site.startswith(without_zeros(said)) and len(site) == len(said)
    return site if lies_within or not said else said


def without_zeros(region: str) -> str:
    """340000 → 34, 340800 → 3408, 340881 as it is: what the codes of all its parts begin with."""
    return re.sub(r"(?:00)+$", "", region)
