"""How a server of the pages is set up."""

from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from browse.reviewers import Reviewing
from browse.snapshots.origins import Origins

OF_THIS_MACHINE = ("127.0.0.1", "localhost", "[::1]")


@dataclass(frozen=True, slots=True)
class Options:
    """`names` are host names that it answers to besides this machine's own and those of its origins;
    `releases` is the folder whose releases it gives out.
    """

    origins: Origins = field(default_factory=Origins)
    names: tuple[str, ...] = ()
    reviewing: Reviewing = field(default_factory=Reviewing)
    releases: Path | None = None

    @property
    def hosts(self) -> list[str]:
        """Every host name that it answers to."""
        behind = (urlsplit(url).hostname for url in (self.origins.pages_url, self.origins.snapshots_url))
        return list(dict.fromkeys([*OF_THIS_MACHINE, *self.names, *filter(None, behind)]))
