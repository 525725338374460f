"""Which reports are meant: options that search and the exports share."""

import click

from settings.registry import REGION


def region_code(_context: click.Context, _option: click.Parameter, code: str) -> str:
    if code and not REGION.fullmatch(code):
        raise click.BadParameter(f"{code!r} is not a GB/T 2260 code of 6 digits, such as 340000")
    return code


with_year = click.option(
    "--year", type=click.IntRange(1990, 2999), metavar="Y", help="Only reports on this year."
)
with_region = click.option(
    "--region",
    default="",
    metavar="CODE",
    callback=region_code,
    help="GB/T 2260; 340000 is all of Anhui.",
)
