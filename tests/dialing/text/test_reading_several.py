"""Several numbers in one selection, and a number with other digits beside it: what a person would say.

Written by hand from the numbering plans, most of it before bubbled was asked; some is what the property test
beside this had found.
"""

from __future__ import annotations

import pytest

from bubbled.dialing.destination import Kind, Refusal, Source
from bubbled.dialing.plan import DialPlan
from bubbled.dialing.text.reading import read

NL = DialPlan(region="NL", extensions=("1??",))
NO_EXTENSIONS = DialPlan(region="NL")
BE = DialPlan(region="BE")
DE = DialPlan(region="DE", extensions=("[2-9]?",))
AT = DialPlan(region="AT")
FR = DialPlan(region="FR")
ES = DialPlan(region="ES")
US = DialPlan(region="US", extensions=("2???",))
CODES = DialPlan(region="NL", extensions=("1??",), codes=True)

DESK, MOBILE, PREMIUM = "0201234567", "0612345678", "09001234"

TABLE = """\
| Naam | Vast        | Mobiel      |
|------|-------------|-------------|
| Jan  | 020-1234567 | 06-12345678 |
| Piet | 020-1234568 | 06-12345679 |
"""

COLUMNS = """\
Jan     020-1234567   06-12345678   101
Piet    020-1234568   06-12345679   102
"""

VCARD = """\
BEGIN:VCARD
VERSION:3.0
N:Jansen;Jan;;;
TEL;TYPE=CELL:+31612345678
TEL;TYPE=WORK,VOICE:+31201234567
TEL;TYPE=FAX:+31201234568
ADR;TYPE=WORK:;;Keizersgracht 123;Amsterdam;;1015 CJ;NL
REV:20240131T101500Z
END:VCARD
"""

CSV = """\
id;naam;telefoon;mobiel
4711;"Jansen, J.";"020-1234567";"06-12345678"
"""

JSON = '{"id": 4711, "phone": "+31612345678", "office": "020-1234567", "fax": "020-1234568", "total": 12.50}'

HTML = """\
<tr><td>020-1234567</td><td>0900-1234</td><td>112</td></tr>
<tr><td><a href="tel:+31612345678">06 12 34 56 78</a></td></tr>
"""

WHATSAPP = """\
[26-11-2024 20:08:11] Jan: bel je mij op 06-12345678?
26-11-2024 20:09 - +31 6 12345679: of op dit nummer
"""


@pytest.mark.parametrize(
    ("text", "plan", "dialled"),
    [
        # a slash
        ("020-1234567/06-12345678", NL, [DESK, MOBILE]),
        ("020 123 45 67 /06 12 34 56 78", NL, [DESK, MOBILE]),
        ("020-1234567 / 0900-1234", NL, [DESK, PREMIUM]),
        ("0900-1234 / 020-1234567", NL, [PREMIUM, DESK]),
        ("020-1234567 / 0900-1234 / 112", NL, [DESK, PREMIUM, "112"]),
        ("0900-1234 / 112", NL, [PREMIUM, "112"]),
        ("0900-1234/112", NL, [PREMIUM, "112"]),
        ("112 / 0900-1234", NL, ["112", PREMIUM]),
        ("112/0900-8844", NL, ["112", "09008844"]),
        ("0800-1234 / 144", NO_EXTENSIONS, ["08001234", "144"]),
        ("0900 / 1234 / 112", NL, [PREMIUM, "112"]),
        ("020 / 1234567 / 06 / 12345678", NL, [DESK, MOBILE]),
        ("+31 20 123 45 67 / +32 2 123 45 67", NL, [DESK, "003221234567"]),
        ("020\u00b7123\u00b745\u00b767/020\u2022123\u202245\u202268", NL, [DESK, "0201234568"]),
        ("+49 30 90123456/020-1234567", NL, ["00493090123456", DESK]),
        ("020-1234567 / 68", NL, [DESK]),
        ("Tel./Fax: 020-1234567 / 020-1234568", NL, [DESK, "0201234568"]),
        ("tel./fax 020-1234567/06-12345678", NL, [DESK, MOBILE]),
        ("020-1234567 tst 12 / 020-1234568 tst 13", NL, [DESK, "0201234568"]),
        ("030 1234 / 030 5678", DE, ["0301234", "0305678"]),
        ("030/1234/030/5678", DE, ["0301234", "0305678"]),
        ("030 / 901234 / 110", DE, ["030901234", "110"]),
        ("02 123 45 67/0470 12 34 56", BE, ["021234567", "0470123456"]),
        ("01 23 45 67 89 / 15", FR, ["0123456789", "15"]),
        ("(415) 555-2671 / 911", US, ["4155552671", "911"]),
        ("415-555-2671/415-555-2672", US, ["4155552671", "4155552672"]),
        # a pipe, a semicolon, a comma
        ("020-1234567|06-12345678", NL, [DESK, MOBILE]),
        ("0900-1234 | 112 | 14 020", NL, [PREMIUM, "112", "14020"]),
        ("0900-1234;06-12345678;020-1234567", NL, [PREMIUM, MOBILE, DESK]),
        ("0900-1234; 112", NL, [PREMIUM, "112"]),
        ("020-1234567, 112", NL, [DESK, "112"]),
        ("020-1234567,06-12345678,0900-1234", NL, [DESK, MOBILE, PREMIUM]),
        ("0201234567 , 0612345678", NL, [DESK, MOBILE]),
        # words
        ("020-1234567 en 06-12345678", NL, [DESK, MOBILE]),
        ("020-1234567 of 112", NL, [DESK, "112"]),
        ("0900-1234 or 112", NL, [PREMIUM, "112"]),
        ("030 901234 und 110", DE, ["030901234", "110"]),
        ("020-1234567 & 06-12345678", NL, [DESK, MOBILE]),
        ("0900-1234 & 112", NL, [PREMIUM, "112"]),
        ("020-1234567 + 06-12345678", NL, [DESK, MOBILE]),
        ("112 + (201) 555-0000", US, ["112", "2015550000"]),
        ("000   0412 345 921", DialPlan(region="AU"), ["000", "0412345921"]),
        ("+49 30 128626x0900 1 235564", DE, ["030128626", "09001235564"]),
        ("0800 7244. 112", NL, ["08007244", "112"]),
        ('"020-1234567\\n06-12345678"', NL, [DESK, MOBILE]),
        ("0450 00 97 23 12,50 / 0800 12 267", BE, ["0450009723", "080012267"]),
        ("0412 345 678M: 1800 123 474", DialPlan(region="AU"), ["0412345678", "1800123474"]),
        ("020-1234567 + +32 470 12 34 56", NL, [DESK, "0032470123456"]),
        ("020-1234567 + 31 6 12345678", NL, [DESK, MOBILE]),
        # line breaks, tabs, columns
        ("0900-1234\n112", NL, [PREMIUM, "112"]),
        ("0900-1234\r\n\r\n144", NO_EXTENSIONS, [PREMIUM, "144"]),
        ("112\n0900-1234\n020-1234567", NL, ["112", PREMIUM, DESK]),
        ("0900-1234\t112", NL, [PREMIUM, "112"]),
        ("030 1234\n030 5678", DE, ["0301234", "0305678"]),
        ("030 1234   030 5678", DE, ["0301234", "0305678"]),
        ("0900-1234   112", NL, [PREMIUM, "112"]),
        ("101\n102\n103", NL, ["101", "102", "103"]),
        ("101 / 102", NL, ["101", "102"]),
        ("tst. 101, tst. 102", NL, ["101", "102"]),
        # dashes and bullets
        ("020-1234567 - 06-12345678", NL, [DESK, MOBILE]),
        ("0900-1234 - 112", NL, [PREMIUM, "112"]),
        ("0900-1234 \u2013 020-1234567", NL, [PREMIUM, DESK]),
        ("020-1234567 \u2014 14 020", NL, [DESK, "14020"]),
        ("030 1234 - 030 5678", DE, ["0301234", "0305678"]),
        ("+49 (0)30 1234 030 5678", DE, ["0301234", "0305678"]),
        ("030 1234-030 5678", DE, ["0301234", "0305678"]),
        ("020-1234567 \u2022 06-12345678", NL, [DESK, MOBILE]),
        ("0900-1234\u2022112", NL, [PREMIUM, "112"]),
        ("\u2022 020-1234567\n\u2022 0900-1234\n\u2022 112", NL, [DESK, PREMIUM, "112"]),
        ("- 020-1234567\n- 06-12345678", NL, [DESK, MOBILE]),
        ("1) 020-1234567\n2) 06-12345678", NL, [DESK, MOBILE]),
        ("020-1234567 \u00b7 0900-1234", NL, [DESK, PREMIUM]),
        # what a table, a file or a program gives
        (TABLE, NL, [DESK, MOBILE, "0201234568", "0612345679"]),
        (COLUMNS, NL, [DESK, MOBILE, "0201234568", "0612345679"]),
        (VCARD, NL, [MOBILE, DESK]),
        (CSV, NL, [DESK, MOBILE]),
        (JSON, NL, [MOBILE, DESK]),
        (HTML, NL, [DESK, PREMIUM, MOBILE]),
        (WHATSAPP, NL, [MOBILE, "0612345679"]),
        ('"020-1234567","06-12345678"', NL, [DESK, MOBILE]),
        ('"0900-1234","112"', NL, [PREMIUM, "112"]),
        ('"112","(201) 555-0000"', US, ["112", "2015550000"]),
        ('["020-1234567", "0900-1234"]', NL, [DESK, PREMIUM]),
        ("[Vast](tel:+31201234567);[Mobiel](tel:+31612345678)", NL, [DESK, MOBILE]),
        ("[020-1234567](tel:+31201234567) | [06-12345678](tel:+31612345678)", NL, [DESK, MOBILE]),
        ("TEL:+31201234567\nTEL:+31612345678", NL, [DESK, MOBILE]),
        ("020-1234567&nbsp;/&nbsp;06-12345678", NL, [DESK, MOBILE]),
        ("020-1234567<br>06-12345678", NL, [DESK, MOBILE]),
        ("11/26/24, 8:08 PM - +1 (415) 555-2671: call (415) 555-2672", US, ["4155552671", "4155552672"]),
        ("*72 / 06-12345678", CODES, ["*72", MOBILE]),
    ],
)
def test_each_of_several_numbers_is_there_in_its_order(text: str, plan: DialPlan, dialled: list[str]) -> None:
    assert [destination.dialled for destination in read(text, Source.SELECTION, plan).destinations] == dialled


@pytest.mark.parametrize(
    ("text", "plan", "dialled"),
    [
        ("020-1234567 12,50", NL, DESK),
        ("030 901234 12,50", DE, "030901234"),
        ("030 901234 1.234,56", DE, "030901234"),
        ("020-1234567 (2)", NL, DESK),
        ("030 901234 (2)", DE, "030901234"),
        ("030 901234 [1]", DE, "030901234"),
        ("020-1234567 -  bestelling 4711", NL, DESK),
        ("030 901234 - Bestellung 4711", DE, "030901234"),
        ("020-1234567 / order 0612345678", NL, DESK),
        ("06 12345678 12:30", NL, MOBILE),
        ("06 12345678 12.30 uur", NL, MOBILE),
        ("030 901234 12.30 Uhr", DE, "030901234"),
        ("020-1234567 tussen 9 en 17 h", NL, DESK),
        ("020-1234567 9-17 uur", NL, DESK),
        ("030 901234 9-17 Uhr", DE, "030901234"),
        ("030 901234 8 bis 17 Uhr", DE, "030901234"),
        ("030 901234 31.12.2024", DE, "030901234"),
        ("030 901234 31.12.", DE, "030901234"),
        ("06 12345678 31-12-2024", NL, MOBILE),
        ("020-1234567 NL91 ABNA 0417 1640 00", NL, DESK),
        ("030 901234 DE89 3704 0044 0532 0130 00", DE, "030901234"),
        ("020-1234567 1015 CJ 123", NL, DESK),
        ("0900-1234 1015CJ 12", NL, PREMIUM),
        ("1015 CJ 123 020-1234567", NL, DESK),
        ("030 901234 10115 Berlin", DE, "030901234"),
        ("01 5123456 1010 Wien", AT, "015123456"),
        ("10115 Berlin 030 901234", DE, "030901234"),
        ("020 / 123 45 67", NL, DESK),
        ("020 - 123 45 67", NL, DESK),
        ("+31 / 20 / 1234567", NL, DESK),
        ("+39 / 06 1234 5678", NL, "00390612345678"),
        ("+39 - 06 1234 5678", NL, "00390612345678"),
        ("0900 / 1850", NL, "09001850"),
        ("038792 / 1234", DE, "0387921234"),
        ("0 30 / 90 12 34-56", DE, "03090123456"),
        ("020\t1234567", NL, DESK),
        ("415 / 555-2671", US, "4155552671"),
    ],
)
def test_other_digits_beside_a_number_stay_out_of_it(text: str, plan: DialPlan, dialled: str) -> None:
    assert [destination.dialled for destination in read(text, Source.SELECTION, plan).destinations] == [
        dialled
    ]


@pytest.mark.parametrize("text", ["030 / 901234 - 56", "030 901234 - 56", "030 901234\n56", "030 901234  56"])
def test_where_only_the_user_can_tell_both_ways_are_given(text: str) -> None:
    destinations = read(text, Source.SELECTION, DE).destinations
    assert [destination.dialled for destination in destinations] == ["03090123456", "030901234"]


@pytest.mark.parametrize(
    ("text", "plan"),
    [
        ("201\n202\n203", DialPlan(region="NL")),  # together they would be a number in Leiden
        ("201 / 202 / 203", DialPlan(region="NL")),
        ("101 - 102", NL),
        ("23 - 25", DE),
        ("0900\n112", NL),
        ("0900\n1850", NL),
        ("+31 20\n112\n1234", NL),
        ("15/12", FR),
        ("810 12 00 00-112", ES),
        ("(02) 1234 0000-112", DialPlan(region="AU")),
        ("020-1234567-06", NL),
        ("11/2", NL),
        ("9 - 17", DE),
        ("*72\n*73", NL),
        ("*72\n06", CODES),
        ("*21*\n0612345678#", CODES),
    ],
)
def test_what_is_neither_one_number_nor_several_is_refused(text: str, plan: DialPlan) -> None:
    reading = read(text, Source.SELECTION, plan)
    assert reading.destinations == ()
    assert reading.refusal is not Refusal.TOO_LONG


def test_an_emergency_number_is_given_among_others_only_where_there_is_nothing_but_numbers() -> None:
    kinds = [found.kind for found in read("020-1234567 / 112", Source.SELECTION, NL).destinations]
    assert kinds == [Kind.OUTSIDE, Kind.EMERGENCY]
    for text in ("020-1234567, lokaal 112", "020-1234567 / 112 euro", "Jan 020-1234567 / 112 12:30"):
        assert [found.dialled for found in read(text, Source.SELECTION, NL).destinations] == [DESK]
