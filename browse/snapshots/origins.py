"""Where the pages of ours are reached, and where archived ones are: two origins, so that neither can touch
the other.
"""

from dataclasses import dataclass

from starlette.requests import Request


@dataclass(frozen=True, slots=True)
class Origins:
    """`pages_url` and `snapshots_url` without a slash at the end; left empty, both are the host name that
    the visitor used, at these ports.
    """

    pages_port: int = 8000
    snapshots_port: int = 8001
    pages_url: str = ""
    snapshots_url: str = ""

    def pages(self, request: Request) -> str:
        return self.pages_url or self.beside(request, self.pages_port)

    def snapshots(self, request: Request) -> str:
        return self.snapshots_url or self.beside(request, self.snapshots_port)

    def beside(self, request: Request, port: int) -> str:
        host = request.url.hostname or "127.0.0.1"
        name = f"[{host}]" if ":" in host else host
        return f"{request.url.scheme}://{name}:{port}"


def origins_of(request: Request) -> Origins:
    found: Origins = request.app.state.options.origins
    return found
