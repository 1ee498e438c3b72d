from __future__ import annotations

import pytest

from bubbled.directory.entry import ColumnNames
from bubbled.directory.local.heading import recognise, without_headings
from bubbled.error import DirectoryError

USUAL = ColumnNames()


@pytest.mark.parametrize(
    "headings",
    [
        "Naam;Bedrijf;Telefoon;Mobiel",
        "NAAM;Bedrijfsnaam;Tel. zakelijk;GSM",
        "Name;Company;Phone;Mobile",
        "Full name;Organization;Phone number;Cell phone",
        "Name;Firma;Telefon geschäftlich;Handy",
        "Ansprechpartner;Unternehmen;Rufnummer;Mobiltelefon",
        "Klant;Organisatie;Telefoonnummer;Mobiel nummer",
        "Contactpersoon;Firmaname;tel;mob",
        "Display Name;Company;Business Phone;Home Phone",
    ],
)
def test_headings_in_three_languages_are_recognised(headings: str) -> None:
    roles = recognise(headings.split(";"), USUAL)
    assert roles is not None
    assert roles.full_name == 0
    assert roles.company in {1, None}
    assert roles.numbers == (2, 3)


def test_the_export_of_outlook() -> None:
    headings = [
        "First Name",
        "Middle Name",
        "Last Name",
        "Company",
        "Business Fax",
        "Business Phone",
        "Company Main Phone",
        "Mobile Phone",
        "E-mail Address",
        "E-mail Type",
        "Phonetic First Name",
    ]
    roles = recognise(headings, USUAL)
    assert roles is not None
    assert (roles.name, roles.company, roles.numbers, roles.mains) == ((0, 1, 2), 3, (5, 6, 7), (6,))


def test_the_export_of_google() -> None:
    headings = [
        "First Name",
        "Middle Name",
        "Last Name",
        "Phonetic First Name",
        "Organization Name",
        "E-mail 1 - Label",
        "E-mail 1 - Value",
        "Phone 1 - Label",
        "Phone 1 - Value",
        "Phone 2 - Label",
        "Phone 2 - Value",
    ]
    roles = recognise(headings, USUAL)
    assert roles is not None
    assert (roles.name, roles.company, roles.numbers) == ((0, 1, 2), 4, (8, 10))


def test_a_family_name_beside_a_first_name_completes_it() -> None:
    roles = recognise(["Voornaam", "Naam", "Telefoon"], USUAL)
    assert roles is not None
    assert (roles.full_name, roles.name) == (None, (0, 1))


def test_a_customer_number_is_no_phone_number() -> None:
    roles = recognise(["Nummer", "Naam", "Telefoon"], USUAL)
    assert roles is not None
    assert roles.numbers == (2,)
    alone = recognise(["Nummer", "Naam"], USUAL)
    assert alone is not None
    assert alone.numbers == (0,)


def test_a_row_of_data_is_no_row_of_headings() -> None:
    assert recognise(["The Phone House", "020-1234567"], USUAL) is None
    assert recognise(["Naam", "Plaats"], USUAL) is None


def test_fields_are_named_by_their_columns_and_by_a_name_for_every_language() -> None:
    headings = ["Naam", "Telefoon", "Telefoon", "Account  Manager", "Plaats", "", "E-mailadres"]
    roles = recognise(headings, USUAL)
    assert roles is not None
    assert roles.fields == (
        ("telefoon", 1),
        ("telefoon 2", 2),
        ("account manager", 3),
        ("plaats", 4),
        ("e-mailadres", 6),
        ("email", 6),
        ("city", 4),
    )


def test_the_settings_decide_where_they_say_something() -> None:
    given = ColumnNames(name="Wie", company="waar", url="Kaart", numbers=("Lijn 1", "Lijn 2"))
    roles = recognise(["Naam", "Wie", "Waar", "Lijn 1", "Lijn 2", "Telefoon", "Kaart"], given)
    assert roles is not None
    assert (roles.full_name, roles.company, roles.numbers, roles.url) == (1, 2, (3, 4), 6)


def test_a_heading_that_is_not_there_is_answered_with_the_nearest() -> None:
    with pytest.raises(DirectoryError, match='no column "Telefon"; did you mean "Telefoon"'):
        recognise(["Naam", "Telefoon"], ColumnNames(numbers=("Telefon",)))
    with pytest.raises(DirectoryError, match="its columns are Naam, Telefoon"):
        recognise(["Naam", "Telefoon"], ColumnNames(name="Xyz"))


def test_without_headings_the_contents_tell() -> None:
    roles = without_headings([["Jan", "Acme BV", "020-1234567", "x"], ["Kees", "", "06-12345678", "y"]])
    assert roles is not None
    assert (roles.full_name, roles.company, roles.numbers) == (0, 1, (2,))
    assert without_headings([["Jan", "Acme"], ["Kees", ""]]) is None
