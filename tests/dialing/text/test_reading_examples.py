"""What a person at a desk would dial on seeing each text: written by hand, from the numbering plans.

Numbers are from ranges that nobody has, where the country keeps some: 020-1234567, (415) 555-26.., 7946 0...
"""

from __future__ import annotations

import pytest

from bubbled.dialing.destination import Caution, Refusal, Source
from bubbled.dialing.plan import DialPlan
from bubbled.dialing.text.reading import read

NL = DialPlan(region="NL", extensions=("1??",), ask=("premium_rate",))
BE = DialPlan(region="BE", outside_prefix="0", ask=("premium_rate",))
DE = DialPlan(region="DE", outside_prefix="0", extensions=("[2-9]?",), ask=("premium_rate",))
US = DialPlan(region="US", outside_prefix="9", extensions=("2???",), ask=("premium_rate", "abroad"))
CODES = DialPlan(region="NL", extensions=("1??",), codes=True)

SIGNATURE = """\
Met vriendelijke groet,

Jan Jansen | Verkoop
Voorbeeld B.V., Keizersgracht 123, 1015 CJ Amsterdam
T +31 (0)20 123 45 67
M +31 (0)6 12 34 56 78
F +31 (0)20 123 45 68
E jan@voorbeeld.nl | www.voorbeeld.nl
KvK 12345678 | BTW NL001234567B01 | IBAN NL91 ABNA 0417 1640 00
"""

GERMAN_SIGNATURE = """\
Mit freundlichen Grüßen
Erika Mustermann
Beispiel GmbH · Musterstraße 12 · 10115 Berlin
Tel.: 030 / 90 12 34-56
Fax: 030 / 90 12 34-99
USt-IdNr. DE123456789 · HRB 123456 B · IBAN DE89 3704 0044 0532 0130 00
"""

PARAGRAPH = """\
Op 31-12-2024 om 10:30 uur is bestelling 4500123456 (€ 1.234,56) geleverd vanaf 192.168.178.20.
Vragen? Bel ons op 020-1234567, werkdagen van 09.00 tot 17.30 uur. Bij brand belt u 112.
"""

AMERICAN = """\
Invoice #2125551234 dated 12/31/2024, total $1,234.56, ships to ZIP 94103-1234.
Questions? Call (415) 555-2671 ext. 12 or our toll-free line 1-800-555-0199.
"""


@pytest.mark.parametrize(
    ("text", "plan", "dialled"),
    [
        # one number, in all the ways in which people write it
        ("0201234567", NL, "0201234567"),
        ("020-1234567", NL, "0201234567"),
        ("020 123 45 67", NL, "0201234567"),
        ("(020) 123 45 67", NL, "0201234567"),
        ("020/1234567", NL, "0201234567"),
        ("020.123.45.67", NL, "0201234567"),
        ("+31201234567", NL, "0201234567"),
        ("+31 (0)20 123 45 67", NL, "0201234567"),
        ("+31(0)20-1234567", NL, "0201234567"),
        ("(+31) 20 1234567", NL, "0201234567"),
        ("+ 31 20 123 45 67", NL, "0201234567"),
        ("0031201234567", NL, "0201234567"),
        ("00 31 (0)20 123 45 67", NL, "0201234567"),
        ("31201234567", NL, "0201234567"),
        ("201234567", NL, "0201234567"),
        ("Tel.: 020-1234567 tst 12", NL, "0201234567"),
        ("Telefoon: 020 - 123 45 67", NL, "0201234567"),
        ("T: 020-1234567", NL, "0201234567"),
        ("T020-1234567", NL, "0201234567"),
        ("t. +31201234567", NL, "0201234567"),
        ("Mobiel 06-12345678", NL, "0612345678"),
        ("06 1234 5678.", NL, "0612345678"),
        ("“06 12345678”", NL, "0612345678"),
        ("<06-12345678>", NL, "0612345678"),
        ("☎ 06-12345678", NL, "0612345678"),
        ("- 06-12345678", NL, "0612345678"),
        ("* 06-12345678", CODES, "0612345678"),
        ("**06-12345678**", CODES, "0612345678"),
        ("Fax: 020-1234568", NL, "0201234568"),
        ("020-1234567 (receptie)", NL, "0201234567"),
        ("Jan Jansen 06-12345678", NL, "0612345678"),
        ("020-1234567 toestel 123", NL, "0201234567"),
        ("020-1234567, toestel 123", NL, "0201234567"),
        ("020-1234567 ext 123", NL, "0201234567"),
        ("020-1234567,,123#", NL, "0201234567"),
        ("020-1234567p12", NL, "0201234567"),
        ("020-1234567w12", NL, "0201234567"),
        ("020-1234567;12", NL, "0201234567"),
        ("+31 20\n123 45 67", NL, "0201234567"),
        ("020-\r\n1234567", NL, "0201234567"),
        ("\t06-12345678\n", NL, "0612345678"),
        ("020\u00a0123\u202f45\u200967", NL, "0201234567"),
        ("020\u20131234567", NL, "0201234567"),
        ("020\u22121234567", NL, "0201234567"),
        ("\u202a+31201234567\u202c", NL, "0201234567"),
        ("06\u200b12345678", NL, "0612345678"),
        ("\uff10\uff12\uff10\uff0d\uff11\uff12\uff13\uff14\uff15\uff16\uff17", NL, "0201234567"),
        ("\u0660\u0662\u0660\u0661\u0662\u0663\u0664\u0665\u0666\u0667", NL, "0201234567"),
        ("020-1234567\u00b9", NL, "0201234567"),
        ("\x1b[1m020-1234567\x1b[0m", NL, "0201234567"),
        ("088 - 000 12 34", NL, "0880001234"),
        ("0800-1234", NL, "08001234"),
        ("14 020", NL, "14020"),
        ("14020", NL, "14020"),
        ("Tel. 14 0591", NL, "140591"),
        ("1850", NL, "1850"),
        ("144", NL, "144"),
        ("116 000", NL, "116000"),
        # abroad
        ("+32 2 123 45 67", NL, "003221234567"),
        ("+49 (0)30 901234-56", NL, "00493090123456"),
        ("0049 30 90123456", NL, "00493090123456"),
        ("4915112345678", NL, "004915112345678"),
        ("+1 (415) 555-2671", NL, "0014155552671"),
        ("+39 06 1234 5678", NL, "00390612345678"),
        ("+44 (0)20 7946 0018", NL, "00442079460018"),
        ("+800 1234 5678", NL, "0080012345678"),
        # links
        ("tel:+31-20-1234567", NL, "0201234567"),
        ("TEL:+31201234567", NL, "0201234567"),
        ("tel:020-1234567;phone-context=+31", NL, "0201234567"),
        ("tel:1234567;phone-context=+3120", NL, "0201234567"),
        ("tel:+31201234567;ext=12", NL, "0201234567"),
        ("tel:%2B31201234567", NL, "0201234567"),
        ("tel://0201234567", NL, "0201234567"),
        ("tel:020 1234567", NL, "0201234567"),
        ("tel:+31201234567,,12#", NL, "0201234567"),
        ("callto:+31201234567", NL, "0201234567"),
        ("callto://+31201234567", NL, "0201234567"),
        ("sip:0201234567@pbx.example.com;user=phone", NL, "0201234567"),
        ("sips:+31201234567@192.0.2.1:5061", NL, "0201234567"),
        ("sip:+31201234567;postd=pp22@example.com;user=phone", NL, "0201234567"),
        ("sip:101@pbx.example.com", NL, "101"),
        ("tel:101;phone-context=pbx.example.com", NL, "101"),
        ('<a href="tel:+31201234567">Bel ons</a>', NL, "0201234567"),
        ('<a href="tel:+31201234567">020 123 45 67</a>', NL, "0201234567"),
        ('"Bob" <sip:101@pbx.example.com>', NL, "101"),
        # inside
        ("101", NL, "101"),
        ("tst. 101", NL, "101"),
        ("toestel 101", NL, "101"),
        ("ext 101", NL, "101"),
        ("Bob (101)", NL, "101"),
        ('"Bob" <101>', NL, "101"),
        ("Bob 101", NL, "101"),
        # codes
        ("*72", CODES, "*72"),
        ("*8 101", CODES, "*8101"),
        ("#31#0612345678", CODES, "#31#0612345678"),
        ("*21*0612345678#", CODES, "*21*0612345678#"),
        # running text
        (PARAGRAPH, NL, "0201234567"),
        ("Bel ons op 020-1234567 voor 31-12-2024.", NL, "0201234567"),
        ("1-800-FLOWERS (1-800-356-9377)", US, "98003569377"),
        # Belgium, with 0 for an outside line
        ("02 123 45 67", BE, "0021234567"),
        ("+32 (0)2 123 45 67", BE, "0021234567"),
        ("0470/12.34.56", BE, "00470123456"),
        ("GSM: 0470 12 34 56", BE, "00470123456"),
        ("0032 2 123 45 67", BE, "0021234567"),
        ("+31 20 123 45 67", BE, "00031201234567"),
        ("0800 12 345", BE, "0080012345"),
        ("1207", BE, "01207"),
        # Germany, with 0 for an outside line
        ("030 / 90 12 34-56", DE, "003090123456"),
        ("+49 (30) 901234-0", DE, "00309012340"),
        ("0151 12345678", DE, "0015112345678"),
        ("Tel. 0151 12345678 (mobil)", DE, "0015112345678"),
        ("030 90123456 Durchwahl 12", DE, "003090123456"),
        ("Nebenstelle 23", DE, "23"),
        ("23", DE, "23"),
        ("11833", DE, "011833"),
        ("116 117", DE, "0116117"),
        (GERMAN_SIGNATURE, DE, "003090123456"),
        ("+31 20 123 45 67", DE, "00031201234567"),
        # United States, with 9 for an outside line
        ("(415) 555-2671", US, "94155552671"),
        ("415.555.2671", US, "94155552671"),
        ("415-555-2671 x12", US, "94155552671"),
        ("1-415-555-2671", US, "94155552671"),
        ("+1 415 555 2671", US, "94155552671"),
        ("14155552671", US, "94155552671"),
        ("Phone: (415) 555-2671 Ext. 12", US, "94155552671"),
        ("1-800-555-0199", US, "98005550199"),
        ("411", US, "9411"),
        ("4-1-1", US, "9411"),
        ("2001", US, "2001"),
        ("+31 20 123 45 67", US, "901131201234567"),
        ("011 31 20 123 45 67", US, "901131201234567"),
        ("0031 20 123 45 67", US, "901131201234567"),
    ],
)
def test_one_number_is_dialled_as_a_person_would(text: str, plan: DialPlan, dialled: str) -> None:
    assert [destination.dialled for destination in read(text, Source.SELECTION, plan).destinations] == [
        dialled
    ]


@pytest.mark.parametrize(
    ("text", "plan", "dialled"),
    [
        ("020-1234567 / 06-12345678", NL, ["0201234567", "0612345678"]),
        ("020-1234567\n06-12345678", NL, ["0201234567", "0612345678"]),
        ("0201234567 0612345678", NL, ["0201234567", "0612345678"]),
        ("020-1234567, 06-12345678", NL, ["0201234567", "0612345678"]),
        ("020-1234567;06-12345678", NL, ["0201234567", "0612345678"]),
        ("020-1234567 of 06-12345678", NL, ["0201234567", "0612345678"]),
        ("06-12345678 (privé), 020-1234567 (werk)", NL, ["0612345678", "0201234567"]),
        ("020-1234567 (+31 20 123 45 67)", NL, ["0201234567"]),
        ("+31201234567 / 0201234567", NL, ["0201234567"]),
        ("T:+31201234567M:+31612345678", NL, ["0201234567", "0612345678"]),
        (SIGNATURE, NL, ["0201234567", "0612345678"]),
        ("T 020-1234567 F 020-1234568 M 06-12345678", NL, ["0201234567", "0612345678"]),
        ("Tel/Fax: 020-1234567\nM: 06-12345678", NL, ["0201234567", "0612345678"]),
        ("020-1234568 (fax) 020-1234567", NL, ["0201234567"]),
        ("020-1234567\t06-12345678", NL, ["0201234567", "0612345678"]),
        ("030 90123456 oder 0151 12345678", DE, ["003090123456", "0015112345678"]),
        ("030 1234 030 5678", DE, ["00301234", "00305678"]),
        # a number over two lines, or a number with another one below it: only the user can tell
        ("030 901234\n56", DE, ["003090123456", "0030901234"]),
        (AMERICAN, US, ["94155552671", "98005550199"]),
        ("(415) 555-2671\n(415) 555-2672", US, ["94155552671", "94155552672"]),
    ],
)
def test_several_numbers_are_given_to_choose_from(text: str, plan: DialPlan, dialled: list[str]) -> None:
    assert [destination.dialled for destination in read(text, Source.SELECTION, plan).destinations] == dialled


@pytest.mark.parametrize(
    ("text", "plan", "refusal"),
    [
        ("", NL, Refusal.NOTHING),
        (" \n\t\u00a0\u200b", NL, Refusal.NOTHING),
        ("\x00\x1b", NL, Refusal.NOTHING),
        ("x" * 2001, NL, Refusal.TOO_LONG),
        ("Jan Jansen", NL, Refusal.NO_NUMBER),
        ("anonymous", NL, Refusal.NO_NUMBER),
        ("1-800-FLOWERS", US, Refusal.NO_NUMBER),
        ("0800-BELLEN", NL, Refusal.NO_NUMBER),
        ("sip:alice@example.com", NL, Refusal.NO_NUMBER),
        ("callto:echo123", NL, Refusal.NO_NUMBER),
        ("tel:", NL, Refusal.NO_NUMBER),
        ("mailto:0201234567@example.com", NL, Refusal.NO_NUMBER),
        ("https://example.com/0201234567", NL, Refusal.NO_NUMBER),
        ("31-12-2024", NL, Refusal.NO_NUMBER),
        ("2024-12-31", NL, Refusal.NO_NUMBER),
        ("03.01.24", DE, Refusal.NO_NUMBER),
        ("31-12-2024 10:30", NL, Refusal.NO_NUMBER),
        ("10:30", NL, Refusal.NO_NUMBER),
        ("€ 1.234,56", NL, Refusal.NO_NUMBER),
        ("12,50", NL, Refusal.NO_NUMBER),
        ("192.168.178.20", NL, Refusal.NO_NUMBER),
        ("NL91 ABNA 0417 1640 00", NL, Refusal.NO_NUMBER),
        ("DE89 3704 0044 0532 0130 00", DE, Refusal.NO_NUMBER),
        ("Bestelling 4500123456", NL, Refusal.NO_NUMBER),
        ("Order 2125551234", US, Refusal.NO_NUMBER),
        ("Kto. 0301234567, BLZ 10050000", DE, Refusal.NO_NUMBER),
        ("1015 CJ Amsterdam", NL, Refusal.NO_NUMBER),
        ("Bij brand belt u 112.", NL, Refusal.NO_NUMBER),
        ("5", NL, Refusal.NO_NUMBER),
        ("+31 6 123", NL, Refusal.IMPOSSIBLE),
        ("06-1234567890123", NL, Refusal.IMPOSSIBLE),
        ("+999 123 456 789", NL, Refusal.IMPOSSIBLE),
        ("4111 1111 1111 1111", NL, Refusal.NO_NUMBER),
        ("tel:863-1234;phone-context=+1-914-555", US, Refusal.IMPOSSIBLE),
        # without an area code nobody outside the town can dial it, nor can a PBX know the town
        ("1234567", NL, Refusal.IMPOSSIBLE),
        ("8001234", NL, Refusal.IMPOSSIBLE),
        ("2345678", DE, Refusal.IMPOSSIBLE),
        ("555-2671", US, Refusal.IMPOSSIBLE),
        ("202", NL, Refusal.EXTENSION_NOT_ALLOWED),
        ("tst. 202", NL, Refusal.EXTENSION_NOT_ALLOWED),
        ("sip:202@pbx.example.com", NL, Refusal.EXTENSION_NOT_ALLOWED),
        ("202", BE, Refusal.EXTENSION_NOT_ALLOWED),
        ("*72", NL, Refusal.CODE_NOT_ALLOWED),
        ("#31#0612345678", NL, Refusal.CODE_NOT_ALLOWED),
        ("tel:*72", NL, Refusal.CODE_NOT_ALLOWED),
    ],
)
def test_what_nobody_would_dial_is_refused_with_the_reason(
    text: str, plan: DialPlan, refusal: Refusal
) -> None:
    assert read(text, Source.SELECTION, plan).refusal is refusal


@pytest.mark.parametrize(
    ("text", "plan", "dialled", "ask"),
    [
        ("112", NL, "112", Caution.EMERGENCY),
        ("112!", NL, "112", Caution.EMERGENCY),
        ("1-1-2", NL, "112", Caution.EMERGENCY),
        ("1 1 2", NL, "112", Caution.EMERGENCY),
        ("bel 112", NL, "112", Caution.EMERGENCY),
        ("tel:112", NL, "112", Caution.EMERGENCY),
        ("tel:112;phone-context=+31", NL, "112", Caution.EMERGENCY),
        ("112", BE, "112", Caution.EMERGENCY),
        ("101", BE, "101", Caution.EMERGENCY),
        ("110", DE, "110", Caution.EMERGENCY),
        ("911", US, "911", Caution.EMERGENCY),
        ("9-1-1", US, "911", Caution.EMERGENCY),
        ("112", US, "112", Caution.EMERGENCY),
        ("0900-1234", NL, "09001234", Caution.PREMIUM_RATE),
        ("0909 1234", NL, "09091234", Caution.PREMIUM_RATE),
        ("0906-1234567", NL, "09061234567", Caution.PREMIUM_RATE),
        ("+31 900 1234", NL, "09001234", Caution.PREMIUM_RATE),
        ("0900 12345", BE, "0090012345", Caution.PREMIUM_RATE),
        ("0900 5 123456", DE, "009005123456", Caution.PREMIUM_RATE),
        ("1-900-555-0199", US, "99005550199", Caution.PREMIUM_RATE),
        ("+31 20 123 45 67", US, "901131201234567", Caution.ABROAD),
        ("+1 876 555 0199", US, "98765550199", Caution.ABROAD),
        ("(415) 555-2671", US, "94155552671", None),
        ("0201234567", NL, "0201234567", None),
        ("0800-1234", NL, "08001234", None),
        ("144", NL, "144", None),
    ],
)
def test_the_user_is_asked_before_what_is_costly_or_grave(
    text: str, plan: DialPlan, dialled: str, ask: Caution | None
) -> None:
    (destination,) = read(text, Source.SELECTION, plan).destinations
    assert (destination.dialled, destination.ask) == (dialled, ask)
