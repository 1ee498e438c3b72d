"""The words of templates: every variable and every filter, with what it means. Pure.

Here, below settings and popups, because both must know them: the ones to tell what is misspelt, the others to
fill them in. `bubbled layout legend` and docs/layout.md are made from these tables.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

VARIABLES: Final[Mapping[str, str]] = {
    "who": "the best there is: name, company, caller-ID name or number",
    "name": "the contact's name, else the caller-ID name from the PBX",
    "company": "the contact's company",
    "number": "the number as the PBX wrote it",
    "number_formatted": "the number as one reads it, in national notation at home",
    "number_e164": "the number in international notation, digits only after the +",
    "number_national": "the number as it is dialled in its own country",
    "number_international": "the number as one reads it abroad",
    "region": "the country of a number from abroad, as two letters",
    "country": "the country of a number from abroad, by its name",
    "probably": "marks a contact that is only likely",
    "directory": "the address book that knows the contact",
    "url": "the contact's page in the address book, such as a CRM",
    "contact_id": "what the address book calls the contact's record",
    "more": "how many others have this number too",
    "unanswered": "address books that come first but were slow or failed",
    "direction": "inbound or outbound, in every language",
    "state": "ringing, dialling, talking, held or ended, in every language",
    "status": "where the call is, in a few words",
    "via": "the queue, group, forward, transfer or pickup by which the call came",
    "queue": "the queue or ring group by which the call came",
    "dialled": "the number that the caller dialled",
    "dialled_label": "what you call that number, by [me.numbers] of the settings",
    "to": "what was dialled as a sentence, by its label if it has one; empty for the phone's own extension",
    "extension": "your own extension",
    "phone": "your phone that has the call: what you call it, else its name on the PBX",
    "colleague": "the colleague who answered the call instead, to whom it went or from whom it came",
    "transferred_from": "the colleague who transferred the call to you",
    "last_contact": "when this number was last on the phone with you or a colleague, and how that ended",
    "last_contact_at": "when the latest earlier call with the number was",
    "last_contact_ago": "how long ago the latest earlier call was",
    "last_contact_with": "the colleague who was on the phone in that call, or you",
    "last_contact_outcome": "how that call ended",
    "earlier_calls": "how many calls there were with the number before this one",
    "earlier": "the number of earlier calls as a sentence, when there were several",
    "note": "what was noted last about the number",
    "note_by": "the colleague who noted it; empty when it was you",
    "noted": "the note and who wrote it, as a sentence",
    "date": "the day on which the call began",
    "time": "the time at which it began",
    "duration": "how long the two have talked, in minutes and seconds",
    "call_id": "what bubbled and the PBX call this call",
}
"""What a template may hold as `$name` or `${name}`, beside the column names of the address books."""


@dataclass(frozen=True, slots=True)
class FilterWord:
    """What a filter does.

    Attributes:
        meaning: in a few words.
        argument: what stands behind the colon; empty when nothing may.
        pattern: of the argument; what does not fit is a mistake.
    """

    meaning: str
    argument: str = ""
    pattern: str = ""
    needs_argument: bool = False


FILTERS: Final[Mapping[str, FilterWord]] = {
    "national": FilterWord("a number as it is dialled in its own country"),
    "international": FilterWord("a number as one reads it abroad"),
    "e164": FilterWord("a number in international notation, digits only after the +"),
    "formatted": FilterWord("a number as one reads it, in national notation at home"),
    "digits": FilterWord("the digits alone"),
    "date": FilterWord(
        "the day of a moment, or of a date in the address book",
        'long, iso, or a pattern of D, DD, M, MM, MMM, YY and YYYY such as "DD-MM-YYYY"',
        r"long|iso|[DMY .,/\-]{1,20}",
    ),
    "time": FilterWord("the time of day of a moment", '"HH:mm:ss" or a part of it', r"[Hms:.\- ]{1,12}"),
    "ago": FilterWord("how long ago a moment is: 3 days ago"),
    "upper": FilterWord("in capitals"),
    "lower": FilterWord("in small letters"),
    "first": FilterWord("the first word"),
    "last": FilterWord("the last word"),
    "initials": FilterWord("the first letters of its words: JJ"),
    "short": FilterWord("cut to so many characters", "a number", r"[1-9]\d{0,2}", needs_argument=True),
    "default": FilterWord("another text where there is none", "the text", r".{1,60}", needs_argument=True),
}
"""What may stand behind a variable as `${name|filter}` or `${name|filter:argument}`, one after another."""


def complaint(name: str, argument: str) -> str | None:
    """Tell what is wrong with a filter that is known, as the rest of a sentence; None when nothing is."""
    word = FILTERS[name]
    if not argument:
        return f"needs {word.argument} behind a colon" if word.needs_argument else None
    if not word.pattern:
        return "takes nothing behind a colon"
    return None if re.fullmatch(word.pattern, argument) else f"takes {word.argument} behind its colon"
