"""A real OpenLDAP server for tests, with as many entries as a large company has."""

from __future__ import annotations

import base64
from contextlib import contextmanager
from dataclasses import dataclass
from textwrap import dedent
from typing import TYPE_CHECKING
from uuid import UUID

import trustme

from tests.servers.process import LOOPBACK, Server, accepts, folder, free_port, program, run

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

BASE = "dc=example,dc=org"
PEOPLE = f"ou=people,{BASE}"
ACCOUNT = f"cn=bubbled,ou=services,{BASE}"
PASSWORD = "read only, (and) odd: \\2a*"
JAN_GUID = UUID("12345678-9abc-def0-1234-56789abcdef0")

# What Active Directory has and OpenLDAP has not; like there, compared sign by sign.
_SCHEMA = "\n".join(
    f"attributetype ( 1.3.6.1.4.1.99999.1.{number} NAME '{name}' EQUALITY caseIgnoreMatch "
    "SUBSTR caseIgnoreSubstringsMatch SYNTAX 1.3.6.1.4.1.1466.115.121.1.15 )"
    for number, name in enumerate(
        (
            *("otherTelephone", "otherMobile", "otherHomePhone", "ipPhone", "otherIpPhone"),
            *("company", "department", "wWWHomePage", "objectCategory"),
        ),
        start=1,
    )
) + dedent("""
    attributetype ( 1.3.6.1.4.1.99999.1.20 NAME 'objectGUID' EQUALITY octetStringMatch
      SYNTAX 1.3.6.1.4.1.1466.115.121.1.40 SINGLE-VALUE )
    objectclass ( 1.3.6.1.4.1.99999.2.1 NAME 'likeActiveDirectory' AUXILIARY
      MAY ( otherTelephone $ otherMobile $ otherHomePhone $ ipPhone $ otherIpPhone $ company $ department
      $ wWWHomePage $ objectCategory $ objectGUID ) )
    """)

_CONFIGURATION = """
include /etc/ldap/schema/core.schema
include /etc/ldap/schema/cosine.schema
include /etc/ldap/schema/inetorgperson.schema
include {folder}/like-active-directory.schema
pidfile {folder}/slapd.pid
modulepath /usr/lib/ldap
moduleload back_mdb
TLSCertificateFile {folder}/certificate.pem
TLSCertificateKeyFile {folder}/key.pem
TLSCACertificateFile {folder}/ca.pem
database mdb
suffix "{base}"
directory {folder}/data
maxsize 1073741824
rootdn "cn=admin,{base}"
rootpw made-up
index objectClass eq
index telephoneNumber,mobile,homePhone eq,sub
access to attrs=userPassword by anonymous auth by * none
access to dn.subtree="{people}" attrs=homePhone by * none
access to dn.subtree="{people}" by dn.exact="{account}" read by peername.ip=127.0.0.1 read by * none
access to dn.subtree="ou=closed,{base}" by * none
access to * by dn.exact="{account}" read by * none
"""


@dataclass(frozen=True, slots=True)
class Slapd:
    """A running server.

    Attributes:
        ca_file: who vouches for its certificate, which is for 127.0.0.1 and for no name.
    """

    server: Server
    tls_port: int
    ca_file: Path

    @property
    def port(self) -> int:
        """Where it speaks without TLS, and StartTLS."""
        return self.server.port

    @property
    def url(self) -> str:
        """Its address without TLS."""
        return f"ldap://{LOOPBACK}:{self.port}"

    @property
    def tls_url(self) -> str:
        """Its address with TLS."""
        return f"ldaps://{LOOPBACK}:{self.tls_port}"


@contextmanager
def slapd(entries: int = 0, referral: str | None = None) -> Iterator[Slapd]:
    """Start a server with some odd entries and as many ordinary ones as wanted.

    Args:
        entries: how many ordinary ones; see `_ordinary`.
        referral: the address of a server that it says to ask as well.
    """
    with folder() as home:
        _write(home, entries, referral)
        arguments = ("-q", "-f", str(home / "slapd.conf"), "-l", str(home / "entries.ldif"))
        run([program("slapadd"), *arguments])
        port, tls_port = free_port(), free_port()
        listen = f"ldap://{LOOPBACK}:{port}/ ldaps://{LOOPBACK}:{tls_port}/"
        command = [program("slapd"), "-f", str(home / "slapd.conf"), "-h", listen, "-d", "0"]
        server = Server(command, port, home / "log", is_ready=lambda: accepts(port) and accepts(tls_port))
        with server:
            yield Slapd(server, tls_port, home / "ca.pem")


def _write(home: Path, entries: int, referral: str | None) -> None:
    authority = trustme.CA()
    certificate = authority.issue_cert(LOOPBACK)
    authority.cert_pem.write_to_path(home / "ca.pem")
    certificate.private_key_pem.write_to_path(home / "key.pem")
    for blob in certificate.cert_chain_pems:
        blob.write_to_path(home / "certificate.pem", append=True)
    (home / "data").mkdir()
    (home / "like-active-directory.schema").write_text(_SCHEMA)
    configuration = _CONFIGURATION.format(folder=home, base=BASE, people=PEOPLE, account=ACCOUNT)
    (home / "slapd.conf").write_text(configuration)
    with (home / "entries.ldif").open("w") as file:
        file.writelines(_entry(*entry) for entry in _entries(entries))
        if referral is not None:
            elsewhere: dict[str, object] = {
                "objectClass": ["referral", "extensibleObject"],
                "ou": "elsewhere",
                "ref": referral,
            }
            file.write(_entry(f"ou=elsewhere,{PEOPLE}", elsewhere))


def _entries(count: int) -> Iterator[tuple[str, dict[str, object]]]:
    yield BASE, {"objectClass": ["dcObject", "organization"], "o": "Example", "dc": "example"}
    for unit in ("people", "services", "closed"):
        yield f"ou={unit},{BASE}", {"objectClass": "organizationalUnit", "ou": unit}
    yield (
        ACCOUNT,
        {
            "objectClass": ["organizationalRole", "simpleSecurityObject"],
            "cn": "bubbled",
            "userPassword": PASSWORD,
        },
    )
    yield from _odd()
    for number in range(count):
        yield _ordinary(number)


def _person(name: str, **attributes: object) -> tuple[str, dict[str, object]]:
    classes = {"objectClass": ["inetOrgPerson", "likeActiveDirectory"]}
    return f"cn={name},{PEOPLE}", {**classes, "cn": name, "sn": name.rsplit(maxsplit=1)[-1], **attributes}


def _ordinary(number: int) -> tuple[str, dict[str, object]]:
    """Everybody has a landline and a mobile, in the notations that people use."""
    digits = f"{number:08d}"
    mobile = (f"+316{digits}", f"06-{digits}", f"+31 (0)6 {digits}", f"06 {digits[:4]} {digits[4:]}")
    return _person(
        f"Person {number}",
        telephoneNumber=f"+31 20 {1000000 + number:07d}",
        mobile=mobile[number % len(mobile)],
        o="Example",
    )


def _odd() -> Iterator[tuple[str, dict[str, object]]]:
    yield _person(
        "Jan Jansen",
        displayName="Jan Jansen (Inkoop)",
        telephoneNumber=["+31 30 765 4321", "102"],
        mobile="+31 (0)6-9876 5432",
        company="Bakkerij Jansen",
        department="Inkoop",
        title="Inkoper",
        mail=["jan@example.com", "jansen@example.com"],
        l="Utrecht",
        physicalDeliveryOfficeName="Kamer 12",
        roomNumber="12",
        labeledURI="https://example.com/jan Zijn bladzijde",
        objectGUID=JAN_GUID.bytes_le,
        objectCategory="person",
        otherTelephone="(030) 123.45.67",
        otherMobile="06 87 65 43 21",
        ipPhone="*101",
        facsimileTelephoneNumber="+31 30 7654399",
        homePhone="+31 30 7654300",
    )
    hostile = "<b>*)(uid=*))(|(cn=\x1b[31m\x00"
    yield _person("Hostile", telephoneNumber="+31 30 7650000", title=hostile, description="x" * 5000)
    yield _person("Two", telephoneNumber="+31307650001")
    yield _person("One", telephoneNumber="030-7650001")
    for number in range(250):
        yield _person(f"Clerk {number}", telephoneNumber="+31 30 765 0002", description="main number")
    yield (
        f"o=Acme,{PEOPLE}",
        {"objectClass": "organization", "o": "Acme", "telephoneNumber": "+31 30 7650001"},
    )


def _entry(name: str, attributes: dict[str, object]) -> str:
    lines = [f"dn: {name}"]
    for key, values in attributes.items():
        for value in values if isinstance(values, list) else [values]:
            binary = value if isinstance(value, bytes) else str(value).encode()
            lines.append(f"{key}:: {base64.b64encode(binary).decode()}")
    return "\n".join(lines) + "\n\n"
