from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bubbled.directory.entry import ColumnNames, Entry, Rejected
from bubbled.directory.local.formats.vcard import LONGEST_PROPERTY, parse, read_cards, read_vcard

if TYPE_CHECKING:
    from pathlib import Path


def read(text: str) -> list[Entry | Rejected]:
    return list(read_cards(text.splitlines(keepends=True)))


def card(*lines: str, version: str = "3.0") -> str:
    return "\r\n".join(("BEGIN:VCARD", f"VERSION:{version}", *lines, "END:VCARD", ""))


def contact(*lines: str, version: str = "3.0") -> Entry:
    (entry,) = read(card(*lines, version=version))
    assert isinstance(entry, Entry)
    return entry


def test_a_card_of_version_3() -> None:
    entry = contact(
        "FN:Jan Jansen",
        "N:Jansen;Jan;;;",
        "ORG:Acme\\, Zonen & Co;Inkoop",
        "item1.TEL;TYPE=WORK,VOICE:020-1234567",
        "TEL;TYPE=CELL:06-12345678",
        "TEL;TYPE=WORK,FAX:020-7654321",
        "EMAIL:jan@example.com",
        "ADR;TYPE=WORK:;;Laan 1;Ede;Gelderland;6711 AA;Nederland",
        "NOTE:belt vaak\\nen lang",
        "URL:https://example.com/jan",
    )
    assert (entry.name, entry.company, entry.url) == (
        "Jan Jansen",
        "Acme, Zonen & Co",
        "https://example.com/jan",
    )
    assert entry.numbers == ("020-1234567", "06-12345678")
    assert dict(entry.fields) == {
        "department": "Inkoop",
        "phone": "020-1234567",
        "mobile": "06-12345678",
        "email": "jan@example.com",
        "street": "Laan 1",
        "city": "Ede",
        "region": "Gelderland",
        "postcode": "6711 AA",
        "country": "Nederland",
        "note": "belt vaak\nen lang",
        "url": "https://example.com/jan",
    }


def test_a_card_of_version_4() -> None:
    entry = contact(
        'TEL;VALUE=uri;PREF=1;TYPE="voice,home":tel:+31-20-1234567;ext=12',
        "FN:Jan Jansen",
        "TEL;VALUE=uri;TYPE=cell:tel:+31-6-12345678",
        version="4.0",
    )
    assert entry.numbers == ("tel:+31-20-1234567;ext=12", "tel:+31-6-12345678")


def test_a_card_of_version_2_1() -> None:
    entry = contact(
        "N;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:Vri=C3=ABs;Jo=C3=\r\n=AB",
        "TEL;CELL;VOICE:0612345678",
        "TEL;FAX:0201234567",
        "PHOTO;JPEG;ENCODING=BASE64:/9j/4AAQ:SkZJRg",
        " AQEAYABgAAD=",
        "",
        version="2.1",
    )
    assert (entry.name, entry.numbers) == ("Joë Vriës", ("0612345678",))


def test_quoted_printable_of_an_old_phone() -> None:
    prop = parse("FN;CHARSET=ISO-8859-1;ENCODING=QUOTED-PRINTABLE:Jo=EB")
    assert prop is not None
    assert prop.text == "Joë"
    unknown = parse("FN;CHARSET=KLINGON;ENCODING=QUOTED-PRINTABLE:Jo=EB")
    assert unknown is not None
    assert unknown.text == "Joë"


def test_lines_that_were_folded_are_joined() -> None:
    assert contact("FN:Jan Jan", " sen", "TEL:020-", "\t1234567").name == "Jan Jansen"


def test_a_name_is_made_from_its_parts_where_it_is_missing() -> None:
    assert contact("N:Vries;Kees;de;Dr.;", "TEL:0201234567").name == "Dr. Kees de Vries"


@pytest.mark.parametrize("mark", ["KIND:org", "X-ABShowAs:COMPANY"])
def test_a_company_is_no_person(mark: str) -> None:
    entry = contact("FN:Acme BV", "ORG:Acme BV", mark, "TEL:0201234567")
    assert (entry.name, entry.company) == (None, "Acme BV")
    assert entry.is_company


def test_cards_that_are_no_contact_are_named_and_the_rest_is_used() -> None:
    text = (
        card("FN:Jan", "EMAIL:jan@example.com")
        + "BEGIN:VCARD\nFN:Half\nTEL:0201234567\n"
        + card("TEL:0201234567")
        + "rubbish\n"
        + card("FN:Kees", "TEL:0201234567")
        + "BEGIN:VCARD\nFN:Cut\nTEL:02012"
    )
    entries = read(text)
    assert entries[:3] == [
        Rejected("card 1", "no phone number"),
        Rejected("card 2", "cut off: its END:VCARD is missing"),
        Rejected("card 3", "no name"),
    ]
    assert isinstance(entries[3], Entry)
    assert entries[4:] == [Rejected("card 5", "cut off: its END:VCARD is missing")]


def test_photographs_do_not_fill_the_memory() -> None:
    folded = "".join(f" {'A' * 70}\r\n" for _ in range(LONGEST_PROPERTY // 10))
    assert contact("FN:Jan", "PHOTO;ENCODING=b:AAAA", folded.rstrip(), "TEL:0201234567").name == "Jan"
    soft = "".join(f"{'A' * 70}=\r\n" for _ in range(LONGEST_PROPERTY // 10))
    entry = contact("FN:Jan", "NOTE;ENCODING=QUOTED-PRINTABLE:" + soft + "end", "TEL:0201234567")
    assert entry.numbers == ("0201234567",)


def test_a_file_is_read_from_the_disk(tmp_path: Path) -> None:
    path = tmp_path / "contacts.vcf"
    path.write_bytes(card("FN:Joë", "TEL:0201234567").encode("utf-16"))
    (entry,) = read_vcard(path, ColumnNames(), lambda _: None)
    assert isinstance(entry, Entry)
    assert entry.name == "Joë"


@given(
    st.text(alphabet='ab=:;,."\\ \t\r\n0A', max_size=60), st.sampled_from(["TEL", "N", "ADR", "ORG", "NOTE"])
)
def test_any_line_in_a_card_leaves_the_next_card_whole(line: str, name: str) -> None:
    odd = f"BEGIN:VCARD\n{name};ENCODING=QUOTED-PRINTABLE:{line}\n\nEND:VCARD\n"
    (*_, last) = read(odd + card("FN:Kees", "TEL:0201234567"))
    assert isinstance(last, Entry)
    assert last.name == "Kees"


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=150))
def test_what_an_address_book_writes_is_read(name: str) -> None:
    escaped = name.replace("\\", "\\\\").replace(",", "\\,").replace(";", "\\;")
    folded = "\r\n ".join(escaped[i : i + 30] for i in range(0, len(escaped), 30))
    lines = card(f"FN:{folded}", "TEL:0201234567").split("\r\n")
    (entry,) = read_cards(f"{line}\r\n" for line in lines)
    assert entry == Rejected("card 1", "no name") if not name.strip() else entry.name == name.strip()  # type: ignore[union-attr]


@pytest.mark.parametrize("charset", ["utf\0-8", "undefined", "hex", "../x", "\u212a"])
def test_a_charset_that_is_none_spoils_no_card(charset: str) -> None:
    line = f"FN;ENCODING=QUOTED-PRINTABLE;CHARSET={charset}:Andr=E9"
    (entry,) = read_cards(["BEGIN:VCARD\n", f"{line}\n", "TEL:0612345678\n", "END:VCARD\n"])
    assert isinstance(entry, Entry)
    assert entry.name == "Andr\u00e9"


def test_an_endless_card_keeps_as_many_fields_as_serve_anybody() -> None:
    [entry] = read(card("FN:Jan", "TEL:020-1234567", *["NOTE:x"] * 5000))

    assert isinstance(entry, Entry)
    assert len(entry.fields) == 200
    assert entry.numbers == ("020-1234567",)


def test_a_value_of_endless_parts_is_cut() -> None:
    prop = parse("ADR:" + ";" * 19_000)
    assert prop is not None
    assert len(prop.components) == 51
