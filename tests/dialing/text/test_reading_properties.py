"""What holds of reading whatever the text is, in several countries."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace
from urllib.parse import unquote

import phonenumbers
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from phonenumbers import PhoneNumber, PhoneNumberFormat, PhoneNumberType

from bubbled.dialing.destination import Destination, Kind, Refusal, Source
from bubbled.dialing.plan import DialPlan
from bubbled.dialing.text.reading import LONGEST_TEXT, read
from bubbled.dialing.text.short_number import is_emergency
from bubbled.model import E164
from bubbled.settings.schema import NumberFormat

REGIONS = ["NL", "BE", "DE", "GB", "US", "FR", "IT", "ES", "AU", "JP"]
COMMON_TYPES = [
    PhoneNumberType.FIXED_LINE,
    PhoneNumberType.MOBILE,
    PhoneNumberType.TOLL_FREE,
    PhoneNumberType.PREMIUM_RATE,
]

AROUND = [
    *(
        "{}",
        "({})",
        "“{}”",
        "<{}>",
        " {}\n",
        "{}.",
        "{},",
        "{};",
        "- {}",
        "> {}",
        "**{}**",
        "{}\u200b",
        "☎ {}",
    ),
    *("Tel.: {}", "T {}", "Fax: {}", "{} ext. 12", "{} tst 12", "Jan Jansen, {} (werk)"),
    *("Bel ons op {}, graag.", "Please call {} before noon.", "Appelez le {}!", "Rufen Sie {} an."),
]

plans = st.builds(
    DialPlan,
    region=st.sampled_from(REGIONS),
    format=st.sampled_from(NumberFormat),
    outside_prefix=st.sampled_from(["", "0", "9"]),
    extensions=st.sampled_from([(), ("1??",), ("2???", "7*")]),
    codes=st.booleans(),
    ask=st.sampled_from([(), ("premium_rate", "shared_cost", "abroad"), ("+*",)]),
)

PIECES = [
    *"0123456789+()-./ \n\t,;*#@:p",
    *("00", "+31", "(0)", "0031", "020", "06", "112", "911", "101", "1234567", "12345678", "0900", "14 020"),
    *(
        "tel:",
        "TEL:",
        "callto://",
        "sip:",
        "sips:",
        "@pbx.example.com",
        ";phone-context=+31",
        "%2B",
        "%0D%0A",
    ),
    *("Tel.: ", "Fax ", "M ", " tst 12", " of ", "Bob (", ")", "Order ", "€ ", "https://", "NL91 ABNA "),
    *(
        "\u00a0",
        "\u200b",
        "\u202e",
        "\uff11",
        "\u0663",
        "\u2013",
        "\x00",
        "\x1b[31m",
        "\ud800",
        "é",
        "☎",
        "²",
    ),
]
texts = st.lists(st.sampled_from(PIECES), max_size=14).map("".join) | st.text(max_size=60)


@st.composite
def numbers(draw: st.DrawFn, region: str) -> PhoneNumber:
    """Draw a number that the plan of the region knows: its example, with other last digits."""
    given_out = phonenumbers.example_number_for_type(region, draw(st.sampled_from(COMMON_TYPES)))
    assert given_out is not None
    significant = phonenumbers.national_significant_number(given_out)
    last = draw(st.text("0123456789", min_size=4, max_size=4))
    number = phonenumbers.parse(f"+{given_out.country_code}{significant[:-4]}{last}")
    assume(phonenumbers.is_valid_number_for_region(number, region))
    return number


def e164_of(number: PhoneNumber) -> E164:
    return E164(phonenumbers.format_number(number, PhoneNumberFormat.E164))


notations = st.sampled_from(
    [
        PhoneNumberFormat.NATIONAL,
        PhoneNumberFormat.INTERNATIONAL,
        PhoneNumberFormat.E164,
        PhoneNumberFormat.RFC3966,
    ]
)


def digits_of(text: str) -> str:
    return "".join(str(unicodedata.decimal(c)) for c in text if unicodedata.category(c) == "Nd")


def occurs_in(part: str, whole: str) -> bool:
    """Whether all characters of `part` stand in `whole` in the same order."""
    rest = iter(whole)
    return all(char in rest for char in part)


def identity(destination: Destination, plan: DialPlan) -> str:
    """What is called, without any prefix of the PBX or the country."""
    if destination.e164:
        return phonenumbers.national_significant_number(phonenumbers.parse(destination.e164))
    return plan.without_outside_prefix(destination.dialled)


@given(texts, st.sampled_from(Source), plans)
@example("tel:1234567;phone-context=+3120", Source.LINK, DialPlan(region="NL"))
@example("\ud800", Source.SELECTION, DialPlan(region="NL"))
def test_nothing_is_dialled_that_is_not_in_the_text(text: str, source: Source, plan: DialPlan) -> None:
    for destination in read(text, source, plan).destinations:
        assert re.fullmatch(r"[0-9+*#]+", destination.dialled)
        digits = digits_of(unquote(text))
        # A link's context, which is the beginning of its number, stands behind it.
        written = digits * 2 if "phone-context" in text else digits
        assert occurs_in(digits_of(identity(destination, plan)), written)


@given(texts, st.sampled_from(Source), plans)
def test_a_number_has_fifteen_digits_at_most(text: str, source: Source, plan: DialPlan) -> None:
    for destination in read(text, source, plan).destinations:
        service = 4 if destination.kind is Kind.CODE else 0
        assert len(digits_of(identity(destination, plan))) <= 15 + service


@given(texts, plans)
def test_a_link_never_dials_a_code_nor_anything_without_a_question(text: str, plan: DialPlan) -> None:
    for destination in read(text, Source.LINK, plan).destinations:
        assert destination.kind is not Kind.CODE
        assert not set("*#") & set(destination.dialled)
        assert destination.ask is not None


@given(texts, st.sampled_from(Source), plans)
def test_codes_and_extensions_are_dialled_only_where_allowed(
    text: str, source: Source, plan: DialPlan
) -> None:
    strict = replace(plan, codes=False, extensions=())
    kinds = {destination.kind for destination in read(text, source, strict).destinations}
    assert not kinds & {Kind.CODE, Kind.INTERNAL}


@given(texts | st.text(min_size=LONGEST_TEXT + 1), st.sampled_from(Source), plans)
def test_a_text_is_refused_with_a_reason_or_gives_somebody_once(
    text: str, source: Source, plan: DialPlan
) -> None:
    reading = read(text, source, plan)
    assert bool(reading.destinations) != bool(reading.refusal)
    dialled = [destination.dialled for destination in reading.destinations]
    assert len(set(dialled)) == len(dialled)


@given(texts, plans)
def test_what_a_refusal_is_about_is_one_harmless_line(text: str, plan: DialPlan) -> None:
    about = read(text, Source.SELECTION, plan).about
    assert len(about) <= 40
    assert not {unicodedata.category(c) for c in about} & {"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"}


@given(texts, plans)
def test_the_emergency_services_are_never_called_without_a_question_nor_behind_a_prefix(
    text: str, plan: DialPlan
) -> None:
    for destination in read(text, Source.SELECTION, plan).destinations:
        if destination.kind is Kind.EMERGENCY:
            assert phonenumbers.is_emergency_number(destination.dialled, plan.region)
        elif destination.kind is not Kind.INTERNAL:
            bare = plan.without_outside_prefix(destination.dialled)
            assert not phonenumbers.is_emergency_number(bare, plan.region)
        if destination.kind is not Kind.INTERNAL and phonenumbers.is_emergency_number(
            destination.dialled, plan.region
        ):
            assert destination.ask == "emergency"


@given(texts, plans)
def test_what_was_read_is_read_the_same_again(text: str, plan: DialPlan) -> None:
    for destination in read(text, Source.SELECTION, plan).destinations:
        assert read(destination.shown, Source.SELECTION, plan).destinations == (destination,)
        if destination.e164:
            assert read(destination.e164, Source.TYPED, plan).destinations == (destination,)


@given(st.data(), st.sampled_from(REGIONS), notations)
def test_a_number_is_the_same_in_whatever_is_around_it(
    data: st.DataObject, region: str, notation: int
) -> None:
    number = data.draw(numbers(region))
    written = phonenumbers.format_number(number, notation)
    around = data.draw(st.sampled_from(AROUND))
    (destination,) = read(around.format(written), Source.SELECTION, DialPlan(region=region)).destinations
    assert destination.e164 == e164_of(number)


@given(st.data(), st.sampled_from(REGIONS), st.sampled_from(REGIONS))
def test_a_number_from_abroad_is_the_same_everywhere(data: st.DataObject, home: str, away: str) -> None:
    number = data.draw(numbers(away))
    for notation in (PhoneNumberFormat.INTERNATIONAL, PhoneNumberFormat.E164, PhoneNumberFormat.RFC3966):
        written = phonenumbers.format_number(number, notation)
        (destination,) = read(written, Source.SELECTION, DialPlan(region=home)).destinations
        assert destination.e164 == e164_of(number)


@given(st.data(), st.sampled_from(REGIONS), st.tuples(notations, notations))
def test_two_numbers_stay_two(data: st.DataObject, region: str, notation: tuple[int, int]) -> None:
    pair = data.draw(st.tuples(numbers(region), numbers(region)))
    one, other = (
        phonenumbers.format_number(number, how).removeprefix("tel:")
        for number, how in zip(pair, notation, strict=True)
    )
    separator = data.draw(st.sampled_from(["\n", " / ", " of ", ", ", "; ", "\t", " | ", " (", "\r\n\r\n"]))
    reading = read(one + separator + other, Source.SELECTION, DialPlan(region=region))
    assert [found.e164 for found in reading.destinations] == list(dict.fromkeys(map(e164_of, pair)))


@given(st.data(), st.sampled_from(REGIONS), st.tuples(notations, notations))
def test_two_numbers_with_a_mere_space_between_them_never_become_one(
    data: st.DataObject, region: str, notation: tuple[int, int]
) -> None:
    pair = data.draw(st.tuples(numbers(region), numbers(region)))
    one, other = (
        phonenumbers.format_number(number, how).removeprefix("tel:")
        for number, how in zip(pair, notation, strict=True)
    )
    assume(e164_of(pair[0]) != e164_of(pair[1]))
    reading = read(f"{one} {other}", Source.SELECTION, DialPlan(region=region))
    assert reading.refusal in {Refusal.IMPOSSIBLE, Refusal.NO_NUMBER} or len(reading.destinations) > 1
    assert {found.e164 for found in reading.destinations} <= set(map(e164_of, pair))


SEPARATORS = [
    *("/", " / ", " /", "/ ", "//", "|", " | ", ";", "; ", ",", ", ", " , ", "&", " & ", " + ", "~", " ~ "),
    *("\n", "\r\n", "\n\n", "\t", "   ", " - ", " \u2013 ", "\u2014", "-", " -", ".", ". ", ":", " : ", "x"),
    *("\u2022", " \u2022 ", "\n\u2022 ", "\u00b7", " \u00b7 ", "\u2219", "\\", "_", "=", " = ", "><"),
    *(") (", " (", "[", " of ", " en ", " or ", " oder ", " und ", " ou ", " y ", " tst 12 / ", " ext. 12, "),
    *('","', "</td><td>", "&nbsp;/&nbsp;", "<br>", "\\n", " (mobiel) ", " (2) / ", " 12,50 / ", "\nTel. "),
    *(" / M: ", "M: "),
]


CLEAR = {
    "/",
    " / ",
    "|",
    ";",
    "; ",
    ", ",
    " & ",
    "\n",
    "\r\n",
    "\t",
    " - ",
    " \u2022 ",
    " of ",
    " en ",
    '","',
}


@st.composite
def callable_numbers(draw: st.DrawFn, region: str) -> str:
    """Draw a number of the plan in one of its notations, or an emergency number."""
    if draw(st.integers(0, 5)) == 0:
        return draw(st.sampled_from(EMERGENCIES[region]))
    written = phonenumbers.format_number(draw(numbers(region)), draw(notations))
    return written.removeprefix("tel:")


EMERGENCIES = {
    region: [digits for digits in ("110", "112", "119", "999", "911", "000") if is_emergency(digits, region)]
    for region in REGIONS
}


def called(text: str, plan: DialPlan) -> list[str]:
    return [found.dialled for found in read(text, Source.SELECTION, plan).destinations]


@settings(max_examples=400)
@given(st.data(), st.sampled_from(REGIONS), st.sampled_from(SEPARATORS))
def test_whatever_stands_between_two_numbers_makes_no_third_of_them(
    data: st.DataObject, region: str, separator: str
) -> None:
    plan = DialPlan(region=region)
    one, other = data.draw(callable_numbers(region)), data.draw(callable_numbers(region))
    # Three digits behind a hyphen or a dot are the end of a number: `030 901234-110`.
    assume(separator not in {"-", " -", "."} or {one, other}.isdisjoint(EMERGENCIES[region]))
    each = called(one, plan) + called(other, plan)
    found = called(one + separator + other, plan)
    assert set(found) <= set(each)
    if separator in CLEAR:
        assert found == list(dict.fromkeys(each))
