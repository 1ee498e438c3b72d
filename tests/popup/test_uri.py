"""What strangers wrote within addresses: read back as browsers and mail programs read them."""

from __future__ import annotations

from datetime import UTC, datetime
from email.message import EmailMessage
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bubbled.model import Call, CallId, CallState, Contact, Device, Direction
from bubbled.popup.layout import Layout
from bubbled.popup.subject import Finding, Subject
from bubbled.popup.text import one_line
from bubbled.popup.uri import address, mail, page
from bubbled.popup.variable import Values
from bubbled.template import parse

NOW = datetime(2026, 11, 22, 14, 3, tzinfo=UTC)
CALL = Call(
    id=CallId("1"),
    device=Device("PJSIP/101"),
    direction=Direction.INBOUND,
    state=CallState.RINGING,
    number="+31612345678",
)
HOSTILE = [
    '"><script>alert(1)</script>',
    "'; rm -rf ~ #",
    "a\r\nBcc: all@example.com",
    "&to=all@example.com",
    "%0a%0dBcc: all@example.com",
    "?cc=all@example.com&attach=/etc/passwd",
    "../../admin",
    "/\\evil.com",
    "@evil.com",
    ".evil.com",
    "$name ${name} $$",
    "\u202egnp.exe",
    "Zoë Ünal 李",
    "x" * 9000,
    "--help",
    "a+b c",
    "..",
    "\ud800",
    "\0",
]
texts = st.text(max_size=300) | st.sampled_from(HOSTILE)


def said(text: str, **fields: str) -> Values:
    contact = Contact(
        directory="Customers", name=text, url=fields.pop("url", None), fields=tuple(fields.items())
    )
    return Values(Subject(call=CALL, finding=Finding(contact=contact)), Layout(region="NL"), NOW)


@given(texts)
def test_a_value_is_one_component_of_an_address_and_nothing_else(text: str) -> None:
    opened = address(parse("https://crm.example.com/people/$name?phone=$number&name=$name#$name"), said(text))
    assert opened.isascii()
    parts = urlsplit(opened)
    shown = one_line(text, 80)
    shown = "" if shown in {".", ".."} else shown
    assert (parts.scheme, parts.netloc) == ("https", "crm.example.com")
    assert parts.path.count("/") == 2
    assert unquote(parts.path.removeprefix("/people/")) == shown == unquote(parts.fragment)
    queried = parse_qs(parts.query, keep_blank_values=True)
    assert queried == {"phone": ["+31612345678"], "name": [shown]}


def test_what_the_user_wrote_keeps_its_meaning() -> None:
    written = "https://crm.example.com/a b/%7Ejan;v=1?q=(a+b)&r=$name#é"
    assert address(parse(written), said("x")) == (
        "https://crm.example.com/a%20b/%7Ejan;v=1?q=(a+b)&r=x#%C3%A9"
    )


def test_the_plus_of_a_number_stays_where_it_is_dialled_and_is_escaped_where_it_would_be_a_blank() -> None:
    assert address(parse("tel:$number"), said("x")) == "tel:+31612345678"
    assert address(parse("sip:$number@pbx;user=phone"), said("x")) == "sip:+31612345678@pbx;user=phone"
    assert address(parse("crm://call/$number"), said("x")) == "crm://call/%2B31612345678"
    assert address(parse("tel:$name"), said("1;ext=2?x")) == "tel:1%3Bext%3D2%3Fx"


@pytest.mark.parametrize(
    ("url", "opened"),
    [
        ("https://crm.example.com/7?a=b&c=d#e", "https://crm.example.com/7?a=b&c=d#e"),
        ("HTTP://crm.example.com", "HTTP://crm.example.com"),
        ("https://crm.example.com/a b\"'<é>", "https://crm.example.com/a%20b%22'%3C%C3%A9%3E"),
        ("https://[::1]:8080/", "https://[::1]:8080/"),
        ("javascript:alert(1)", ""),
        ("file:///etc/passwd", ""),
        ("data:text/html,x", ""),
        ("vbscript:x", ""),
        ("//crm.example.com", ""),
        ("crm.example.com", ""),
        ("https:", ""),
        ("https:///x", ""),
        ("https://[", ""),
        ("java\nscript:alert(1)", ""),
        ("https://crm.example.com@evil.example/", ""),
        ("https://jan:secret@crm.example.com/", ""),
        ("https://evil.example\\@crm.example.com/", ""),
        ("https://crm.example.com/@jan", "https://crm.example.com/@jan"),
        ("", ""),
    ],
)
def test_an_address_from_the_address_book_is_opened_only_if_it_is_that_of_a_page(
    url: str, opened: str
) -> None:
    assert address(parse("$url"), said("x", url=url)) == opened
    assert address(parse("${site}"), said("x", site=url)) == opened


@given(st.text(max_size=300))
def test_an_address_that_is_opened_is_that_of_a_page_in_plain_letters(text: str) -> None:
    opened = page(text)
    assert opened == "" or opened.lower().startswith(("http://", "https://"))
    assert opened.isascii()
    assert not set(opened) & set(' "<>\\^`{|}\r\n\t\0')


def begun(recipient: str, subject: str, body: str, values: Values) -> EmailMessage:
    """Read an address as a mail program does (RFC 6068, section 2)."""
    uri = mail(parse(recipient), parse(subject), parse(body), values)
    scheme, _, rest = uri.partition(":")
    assert scheme == "mailto"
    assert uri.isascii()
    to, _, query = rest.partition("?")
    fields = [each.partition("=")[::2] for each in query.split("&")]
    assert [name for name, _ in fields] in (["subject"], ["subject", "body"])
    told = {name: unquote(value) for name, value in fields}
    assert "+" not in query
    message = EmailMessage()
    message["To"] = ", ".join(unquote(each) for each in to.split(",") if each)
    message["Subject"] = told["subject"]  # the library refuses line breaks here
    message.set_content(told.get("body", ""))
    return message


@given(texts)
def test_no_value_adds_a_recipient_a_header_or_a_field_to_a_mail(text: str) -> None:
    values = said(text, email=text)
    message = begun("sales@example.com,${email}", "Call $name", "Dear $name,\n\n$number", values)
    recipients = [each.addr_spec for each in message["To"].addresses]
    assert recipients[0] == "sales@example.com"
    assert len(recipients) <= 2
    assert message["Bcc"] is message["Cc"] is None
    assert message["Subject"] == f"Call {one_line(text, 80)}".strip()
    name = one_line(text, 80)
    assert message.get_content().splitlines()[-1] == "+31612345678"
    assert name in message.get_content()


@pytest.mark.parametrize(
    ("email", "to"),
    [
        ("jan@example.com", ["jan@example.com"]),
        ("jan+calls@example.com", ["jan+calls@example.com"]),
        ("jan@example.com,all@example.com", []),
        ("jan@example.com?bcc=all@example.com", []),
        ("jan@example.com&cc=all", []),
        ("Jan <jan@example.com>", []),
        ("jan", []),
    ],
)
def test_a_recipient_from_the_address_book_is_one_mail_address(email: str, to: list[str]) -> None:
    message = begun("$email", "Call", "", said("x", email=email))
    assert [each.addr_spec for each in message["To"].addresses] == to


def test_lines_of_which_nothing_is_known_are_left_out_of_a_mail() -> None:
    body = "Hello\n--\n$company\nFrom: $city\n$name\n$name\n--\n\nBye"
    message = begun("", "Call", body, said("Jan"))
    assert message.get_content().split("\n") == ["Hello", "--", "Jan", "--", "", "Bye", ""]
