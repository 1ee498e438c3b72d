"""Digits that are no phone number by their looks: addresses, dates, prices, accounts. Pure."""

from __future__ import annotations

import re
from typing import Final

_DAY = r"(?:0?[1-9]|[12]\d|3[01])"
_OCTET = r"(?:0|[1-9]\d{0,2})"

_WEB_ADDRESS = re.compile(r"(?:\b(?:https?|ftp|mailto|file):|\bwww\.)[^\s\"'<>]+", re.IGNORECASE)

_NOISE: Final = tuple(
    re.compile(pattern, flags)
    for pattern, flags in (
        (r"(?<![\w.%+-])[\w.%+-]{1,64}@[\w.-]+", re.NOFLAG),
        # IBAN (ISO 13616): a country, two check digits, 11 to 30 more, in groups of four.
        (r"\b[A-Z]{2}\d{2}(?:[ -]?[A-Z\d]{4}){2,6}[ -]?[A-Z\d]{1,4}\b", re.NOFLAG),
        (rf"(?<![\d.]){_OCTET}(?:\.{_OCTET}){{3}}(?!\.?\d)", re.NOFLAG),
        # Cards, in four groups of four.
        (r"(?<!\d)(?<!\d[ -])(?:\d{4}[ -]){3}\d{4}(?![ -]?\d)", re.NOFLAG),
        (r"(?<![\d:])\d{1,2}:\d{2}(?::\d{2})?(?![\d:])", re.NOFLAG),
        (rf"(?<![\d./-])(?:19|20)\d\d([./-]){_DAY}\1{_DAY}(?![./-]?\d)", re.NOFLAG),
        (rf"(?<![\d./-]){_DAY}([./-]){_DAY}\1(?:19|20)\d\d(?![./-]?\d)", re.NOFLAG),
        (rf"(?<![\d./-]){_DAY}([./-]){_DAY}\1\d\d(?![ ./-]*\d)", re.NOFLAG),
        (r"[€$£¥₹] ?\d(?:[\d.,]*\d)?", re.NOFLAG),
        (r"(?<![\d.,])\d[\d.,]*(?: ?[€$£¥₹%]| (?:EUR|USD|GBP|CHF|JPY|euros?)\b)", re.IGNORECASE),
    )
)


def without_web_addresses(text: str) -> str:
    """Put a line break where an address of the web or of e-mail begins with its scheme."""
    return _WEB_ADDRESS.sub("\n", text)


def without_noise(text: str) -> str:
    """Put a line break where something else stands that has digits, but is surely no phone number.

    User and host of a `sip:` link look like an e-mail address: such links must have been read before.
    """
    for noise in _NOISE:
        text = noise.sub("\n", text)
    return text
