"""How a host's TLS is judged: strictly first, and with an exception only for a host where that fails.

Old certificates and old servers are common among county sites, and what they publish is public: we would
rather read it over a doubtful line than not at all. But the doubt is recorded with every capture,
and every run tries strictly first.
"""

import ssl
import warnings
from collections.abc import Callable
from typing import Literal

Mode = Literal["strict", "unverified", "legacy"]

# In OpenSSL's messages: what is wrong with a certificate, and not with the server's age.
CERTIFICATE = "certificate verify failed"
BROKEN_LINE = "unexpected eof"
# OpenSSL's number for SSL_OP_LEGACY_SERVER_CONNECT and SSL_OP_ALLOW_UNSAFE_LEGACY_RENEGOTIATION
OLD_SERVERS = 0x4 | 0x40000


def strict_context() -> ssl.SSLContext:
    """Whatever the system's own settings allow: TLS 1.2 at least (RFC 8996 ended 1.0 and 1.1)."""
    context = ssl.create_default_context()
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


def unverified_context() -> ssl.SSLContext:
    """Takes whatever certificate comes."""
    context = strict_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def legacy_context() -> ssl.SSLContext:
    """TLS 1.0, short keys, old ciphers and renegotiation as before 2010."""
    context = unverified_context()
    context.set_ciphers("DEFAULT:@SECLEVEL=0")
    context.options |= OLD_SERVERS
    with warnings.catch_warnings(action="ignore", category=DeprecationWarning):
        context.minimum_version = ssl.TLSVersion.TLSv1  # Python warns of what is the very purpose here
    return context


CONTEXTS: dict[Mode, Callable[[], ssl.SSLContext]] = {
    "strict": strict_context,
    "unverified": unverified_context,
    "legacy": legacy_context,
}


class TlsByHost:
    """The modes of the hosts, "strict" where nothing else is known. Where strict worked it stays strict."""

    def __init__(self) -> None:
        self.modes: dict[str, Mode] = {}
        self.faults: dict[str, str] = {}  # why the mode of a host is not strict
        self.proven: set[str] = set()  # hosts that answered strictly
        self.contexts: dict[Mode, ssl.SSLContext] = {}  # made once each: reading the roots takes 20 ms

    def context_for(self, host: str) -> ssl.SSLContext:
        mode = self.mode(host)
        if mode not in self.contexts:
            self.contexts[mode] = CONTEXTS[mode]()
        return self.contexts[mode]

    def mode(self, host: str) -> Mode:
        return self.modes.get(host, "strict")

    def describe(self, host: str) -> str:
        fault = self.faults.get(host)
        return f"{self.mode(host)}: {fault}" if fault else self.mode(host)

    def prove(self, host: str) -> None:
        if self.mode(host) == "strict":
            self.proven.add(host)

    def relent(self, host: str, error: str) -> bool:
        """Make the exception that would mend the failure; False where there is none to make."""
        mode = self.mode(host)
        if host in self.proven or mode == "legacy":
            return False
        wanted: Mode = "unverified" if mode == "strict" and CERTIFICATE in error else "legacy"
        self.modes[host] = wanted
        self.faults[host] = error
        return True


def fault_of(error: BaseException) -> str:
    """What TLS found fault with, in OpenSSL's words; empty where it said nothing or the line only broke."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"{CERTIFICATE}: {error.verify_message}"
    said = str(getattr(error, "reason", None) or "").replace("_", " ").lower()
    return "" if BROKEN_LINE in said else said
