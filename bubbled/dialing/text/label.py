"""What people write beside a number to say what it is: `Tel.:`, `(fax)`, `Order`. Pure."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

_EXTENSION = re.compile(
    r"doorkies(nummer)?|durchwahl|dw|ext|extension|extn|int|intern|internal|interne|nebenstelle|nst|poste"
    r"|toestel(nummer)?|tst"
)
_PHONE = re.compile(
    r"cell|cellphone|d|direct|direkt|gsm|h|handy|home|hotline|kantoor|m|main|mob|mobiel|mobile?|movil|o|office|p"
    r"|phone|portable|prive|privat|private|receptie|t|tel|telefono|telefoon|telefon|telephone|thuis|tlf|w|werk"
    r"|whatsapp|work|zentrale"
)
_CALL = re.compile(r"anrufen|appel|appelez|bel|call|callto|dial|llame|ruf|rufen|sips?")
_FAX = re.compile(r"f|fax|telecopie|telecopieur|telefax")
_NO_PHONE = re.compile(
    r"account|artikel|article|bankleitzahl|bestel|bestell|bestelling|bestellung|bic|blz|boeking|booking|bsn"
    r"|btw|case|cif|code|commande|dossier|ean|ein|facture|factuur|hrb|iban|id|imei|invoice|isbn|item|iva|kenmerk"
    r"|klant|konto|kto|kunden?|kvk|meeting|nif|order|passcode|pin|polis|rechnungs?|ref|reference|referentie|referenz"
    r"|rekening|rma|serial|serien?|siren|siret|sku|ssn|steuer|tax|ticket|tracking|ust|vat|zaak"
)
_NUMBER_WORD = re.compile(r"(no|nr|num|nummer|number|numero)$")
"""Alone, or at the end of another word: `Order no. 123`, `Bestelnummer 123`, `Telefonnummer`."""

_WORD = re.compile(r"[^\W\d_]+")
_NUMBER_SIGN = re.compile(r"[\d+(*#]")
_LAST_SIGN = re.compile(r"[\d*#](?=[^\d*#]*$)")
_MONEY_OR_PERCENT = re.compile(r"[€$£¥₹%‰°]")
_EMPHASIS = re.compile(r"([*_~`]{1,3})(?![*_~`\s])(?P<inner>.*[^*_~`\s])\1", re.DOTALL)
_BULLET = re.compile(r"^[*#]\s+")
# Pages copied without their line breaks: `T +31201234567M +31612345678`.
_GLUED_LABEL = re.compile(
    r"(?<=\d)(?=(?:tel|mob\w{0,4}|fax|phone|[tmf])(?:[.: ]{0,3}[+(0]|[.:] ?\d))", re.IGNORECASE
)
_FAX_IN_BRACKETS = re.compile(r"\s*[(\[]\s*(?:tele)?fax\.?\s*[)\]]", re.IGNORECASE)
# A line of an address card (RFC 6350): `TEL;TYPE=FAX,WORK:`.
_FAX_ON_A_CARD = re.compile(r"\bTEL;[^\n]*\bFAX\b[^\n]*\Z", re.IGNORECASE)
_BEHIND_A_NUMBER = re.compile(r"\s+[(\[][^\d()\[\]]*[)\]]")

_GLUED_FROM: Final = 7
"""Digits of a number that may follow a letter at once, as in `T0201234567`; `F7` and `A101` are none."""


def without_emphasis(text: str) -> str:
    """Leave out the signs of Markdown around a whole text, but for those that a service code may need."""
    emphasis = _EMPHASIS.fullmatch(text)
    return text if emphasis is None or set("*#") & set(emphasis["inner"]) else emphasis["inner"]


def with_labels_apart(text: str) -> str:
    """Put a space between a number and the label of the next one."""
    return _GLUED_LABEL.sub(" ", text)


def bare_number(text: str) -> str | None:
    """What is left of a text without labels, quotes and a bullet; None where it says more than a number.

    What is left need not be a number, but begins and ends as one does.
    """
    text = _BULLET.sub("", text, count=1)
    first, last = _NUMBER_SIGN.search(text), _LAST_SIGN.search(text)
    if first is None or last is None:
        return None
    lead, body, tail = text[: first.start()], text[first.start() : last.end()], text[last.end() :]
    if not all(map(_is_label, _words(f"{lead} {tail}"))) or _MONEY_OR_PERCENT.search(lead + tail):
        return None
    glued = lead[-1:].isalpha() or tail[:1].isalpha()
    return None if glued and sum(map(str.isdigit, body)) < _GLUED_FROM else body


def is_fax(before: str, after: str) -> bool:
    """Whether a number between these texts is only a fax number: `F:`, `Fax nr.`, but not `Tel/Fax:`."""
    if _FAX_IN_BRACKETS.match(after) or _FAX_ON_A_CARD.search(before):
        return True
    near = _words_before(_BEHIND_A_NUMBER.sub("", before, count=1) if before[:1].isspace() else before)
    return bool(near and _FAX.fullmatch(near[-1])) and not any(map(_PHONE.fullmatch, near))


def is_no_phone(before: str) -> bool:
    """Whether the text before a number says that it is something else: `Order no. `, `Kto.`, `#`."""
    near = _words_before(before)
    return before.rstrip().endswith("#") or bool(near and _NO_PHONE.fullmatch(near[-1]))


def count_words(text: str) -> int:
    """How many words a text has."""
    return len(_WORD.findall(text))


def _is_label(word: str) -> bool:
    kind = _NUMBER_WORD.sub("", word)
    return not kind or any(label.fullmatch(kind) for label in (_EXTENSION, _PHONE, _CALL, _FAX))


def _words_before(text: str) -> list[str]:
    """The last words of the last line, but those that say no more than `number`."""
    line = text.rpartition("\n")[2]
    return [word for word in (_NUMBER_WORD.sub("", word) for word in _words(line)[-3:]) if word]


def _words(text: str) -> list[str]:
    """In lower case and without accents."""
    if not text.isascii():
        text = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return [word.casefold() for word in _WORD.findall(text)]
