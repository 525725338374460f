"""How a host's TLS is judged: strictly first, and with an exception only for a host where that fails.

Old certificates and old servers are common among county sites, and what they publish is public: we would
rather read it over a doubtful line than not at all. But the doubt is recorded with every capture,
and every run tries strictly first.
"""

from collections.abc import Callable
from typing import Literal

from OpenSSL import SSL
from twisted.internet._sslverify import ClientTLSOptions
from twisted.internet.ssl import CertificateOptions, TLSVersion, platformTrust
from twisted.web.iweb import IPolicyForHTTPS
from zope.interface import implementer  # type: ignore[import-untyped]

Mode = Literal["strict", "unverified", "legacy"]
MODES: tuple[Mode, ...] = ("strict", "unverified", "legacy")  # each more lenient than the one before

# In OpenSSL's messages: what is wrong with a certificate, and not with the server's age.
CERTIFICATE = ("certificate verify failed", "verificationerror", "certificateerror", "dnsmismatch")
# OpenSSL's number for SSL_OP_LEGACY_SERVER_CONNECT and SSL_OP_ALLOW_UNSAFE_LEGACY_RENEGOTIATION
OLD_SERVERS = 0x4 | 0x40000


class AnyCertificate(ClientTLSOptions):
    """Takes whatever certificate comes."""

    def clientConnectionForTLS(self, tlsProtocol: object) -> SSL.Connection:  # noqa: N802, N803 - Twisted's names
        connection: SSL.Connection = super().clientConnectionForTLS(tlsProtocol)  # type: ignore[arg-type]
        connection.set_verify(SSL.VERIFY_NONE, lambda *_: True)
        return connection


def strict_options() -> CertificateOptions:
    return CertificateOptions(trustRoot=platformTrust())  # type: ignore[no-untyped-call]


def unverified_options() -> CertificateOptions:
    return CertificateOptions()


def legacy_options() -> CertificateOptions:
    """TLS 1.0, short keys, old ciphers and renegotiation as before 2010."""
    options = CertificateOptions(insecurelyLowerMinimumTo=TLSVersion.TLSv1_0)
    context = options.getContext()
    context.set_cipher_list(b"DEFAULT:@SECLEVEL=0")
    context.set_options(OLD_SERVERS)
    return options


OPTIONS: dict[Mode, Callable[[], CertificateOptions]] = {
    "strict": strict_options,
    "unverified": unverified_options,
    "legacy": legacy_options,
}


@implementer(IPolicyForHTTPS)
class TlsByHost:
    """The modes of the hosts, "strict" where nothing else is known. Where strict worked it stays strict."""

    def __init__(self) -> None:
        self.modes: dict[str, Mode] = {}
        self.faults: dict[str, str] = {}  # why the mode of a host is not strict
        self.proven: set[str] = set()  # hosts that answered strictly
        self.options: dict[Mode, CertificateOptions] = {}  # made once each: reading the roots takes 20 ms

    def creatorForNetloc(self, hostname: bytes, port: int) -> ClientTLSOptions:  # noqa: N802, ARG002 - Twisted's
        host = hostname.decode("ascii")
        mode = self.mode(host)
        if mode not in self.options:
            self.options[mode] = OPTIONS[mode]()
        kind = ClientTLSOptions if mode == "strict" else AnyCertificate
        return kind(self.options[mode]._makeTLSConnection, host)  # noqa: SLF001 - as optionsForClientTLS does; no public way to share its roots

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
        wanted: Mode = "unverified" if mode == "strict" and is_certificate_fault(error) else "legacy"
        self.modes[host] = wanted
        self.faults[host] = error
        return True


def is_certificate_fault(error: str) -> bool:
    return any(sign in error.lower() for sign in CERTIFICATE)
