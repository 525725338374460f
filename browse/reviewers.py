"""Who may review: whoever sits at this machine, or knows the password."""

import base64
import hmac
import secrets
from binascii import Error as Base64Error
from dataclasses import dataclass, field

from starlette.exceptions import HTTPException
from starlette.requests import Request

from browse.tries import Tries

CHALLENGE = {"WWW-Authenticate": 'Basic realm="review", charset="UTF-8"'}


@dataclass(frozen=True, slots=True)
class Reviewing:
    """Who may decide: with a password whoever knows it, under the name given with it; else, where it
    `is_local`, whoever sits at this machine. `secret` signs the forms of this server.
    """

    is_local: bool = False
    password: str = ""
    secret: bytes = field(default_factory=lambda: secrets.token_bytes(32))
    tries: Tries = field(default_factory=Tries)

    @property
    def is_open(self) -> bool:
        return self.is_local or bool(self.password)

    def knows(self, password: str) -> bool:
        return hmac.compare_digest(password.encode(), self.password.encode())


def reviewing_of(request: Request) -> Reviewing:
    found: Reviewing = request.app.state.options.reviewing
    return found


def reviewer(request: Request) -> str:
    """The name given with the password, empty where none is asked for. Raises HTTPException."""
    rules = reviewing_of(request)
    if not rules.is_open:
        raise HTTPException(404)
    if not rules.password:
        return ""
    header = request.headers.get("authorization", "")
    if not header:
        raise HTTPException(401, headers=CHALLENGE)
    return guessed(rules, request.client.host if request.client else "", header)


def guessed(rules: Reviewing, client: str, header: str) -> str:
    """The name of a client that knows the password. Raises HTTPException; also after too many wrong ones."""
    if wait := rules.tries.wait(client):
        raise HTTPException(429, headers={"Retry-After": str(wait)})
    name, password = credentials(header)
    is_right = bool(name) and rules.knows(password)
    rules.tries.tell(client, is_right=is_right)
    if not is_right:
        raise HTTPException(401, headers=CHALLENGE)
    return name


def credentials(header: str) -> tuple[str, str]:
    kind, _, value = header.partition(" ")
    try:
        name, _, password = base64.b64decode(value, validate=True).decode().partition(":")
    except (Base64Error, UnicodeDecodeError):
        return "", ""
    return (name, password) if kind.lower() == "basic" else ("", "")
