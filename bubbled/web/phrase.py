"""Says in the language of a page what the daemon says in English, as far as it is known here. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bubbled.story import phrase
from bubbled.web import line_phrase as of_line
from bubbled.web.settings import phrase as of_settings
from bubbled.web.settings import setup_phrase as of_setup

if TYPE_CHECKING:
    from bubbled.web.language import Language


def _(text: str) -> str:
    """Mark a text for the translators, who find it here."""
    return text


_DIRECTORIES: Final = (
    _("ready"),
    _("ready: {remark}"),
    _("indexing"),
    _("indexing {percent} %"),
    _("failed"),
    _("failed: {reason}"),
    _("1 contact, ready"),
    _("{count} contacts, ready"),
    _("{count} contacts, ready: {remark}"),
    _("The rest is used. Mend what is named there, if it should be found."),
    _("there are none"),
    _("Add a [[directory]] to the settings to see names instead of numbers."),
    _("{key}: no address book has a column {name}"),
    _("`bubbled layout legend` lists what there is; a variable that is not there is always empty."),
)

_CALLS: Final = (
    _("Nobody was asked: the number is withheld, unknown or too short."),
    _("Who was asked is no longer known: bubbled keeps that for the latest calls, and until it ends."),
    _("The call history is not open: older calls are not found now."),
    _("All calls are just being indexed and are not found yet; search again in a minute."),
    _("Calls of before {time} are just being indexed and are not found yet; search again in a minute."),
)

_CHECKED: Final = (
    _("PBX"),
    _("Rights"),
    _("Notes"),
    _("Phones"),
    _("Popups"),
    _("Directory {name}"),
    _("Directories"),
    _("Layout"),
    _("History"),
    _("Call log"),
    _("Call log {name}"),
    _("Hotkey"),
    _("Quiet do_not_disturb"),
    _("Quiet full_screen"),
    _("Quiet screen_shared"),
    _("Tray"),
    _("Buttons"),
    _("Transport"),
    _("Callers"),
    _("Calling"),
    _("Mute key"),
    _("Focus key"),
)
"""What the doctor looks at."""

_FOUND: Final = (
    _("connected {host}"),
    _("connecting {host}"),
    _("waiting {host}"),
    _("refused {host}"),
    _("logged in at {place}, AMI {version}"),
    _("may not Status: calls that began before bubbled connected do not pop up"),
    _("may not Originate: bubbled cannot place calls"),
    _("may not Getvar: bubbled cannot tell which of your phones is registered"),
    _("Give the account {right}."),
    _("may do more than bubbled needs: {actions}"),
    _("Give the account no more than the stanza below does."),
    _("may do what bubbled needs, and no more"),
    _("your notes are not told to the colleagues"),
    _("the PBX tells the notes of colleagues"),
    _("notes of colleagues do not come"),
    _("Give the account read = {right}, and let its eventfilter pass {event}, as below."),
    _("the PBX does not tell which phones it knows ({reason})"),
    _("the PBX tells of no phone {devices}"),
    _("Set me.devices to the name of your phone. Phones that the PBX tells of: {devices}."),
    _("the PBX does not know {device}"),
    _("Mend from or names in [dial]: no call can begin there."),
    _("{device} is not registered with the PBX"),
    _("Is the phone switched on and connected?"),
    _("the PBX knows {device}"),
    _("kept"),
    _("{failed} not written, {unsure} perhaps not"),
    _("{failed} not written, {unsure} perhaps not ({reason})"),
    _("`bubbled status` tells when they were: see whether they are there, and add what is missing."),
    _("{waiting} to be written"),
    _("{waiting} to be written ({reason})"),
    _("none is wished"),
    _("{key}: not had yet"),
    _("{key} dials what is selected ({way})"),
    _(
        "{key}: bubbled finds no desktop, so the key does nothing; it looks again every few seconds. "
        "Does the desktop run `{command}`?"
    ),
    _(
        "bubbled finds no desktop, so the key does nothing; it looks again every few seconds. "
        "Does the desktop run `{command}`?"
    ),
    _("followed"),
    _("the icon is shown"),
    _("there is no session bus, so there is no icon"),
    _("It comes when a desktop is there."),
    _("nothing on this desktop shows icons, so there is none"),
    _(
        "On GNOME install the extension AppIndicator, in other panels switch on the status icons "
        "(system tray)."
    ),
    _("all that they need is there"),
    _("Let your desktop run: {command}"),
    _("a terminal of {width} x {height}, cards drawn in their place"),
    _("no terminal, one line of text for each change"),
    _("windows; {how}"),
    _("TLS, certificate checked"),
    _("UDP: that the PBX was restarted is noticed only after up to {seconds} s"),
    _('Say transport = "tls" or "tcp", if the PBX offers it: a restart is then noticed at once.'),
    _("the PBX tells each call by itself"),
    _("whether the PBX tells who calls will show with the first call"),
    _("Asterisk {version} does not tell who calls"),
    _("Asterisk tells who calls from 16.19, 18.5 and 19 on; or ask for an AMI account."),
    _("Asterisk {version} tells who calls, while it rings"),
    _("your phone can be asked to call (REFER)"),
    _("your phone at {place} does not take wishes to call (REFER)"),
    _("See whether it can be told to; else calling from the computer needs AMI."),
    _("calling from the computer needs AMI: REFER is not taken here"),
)
"""What it finds, and what it advises."""

_TEXTS: Final = (
    *_CHECKED,
    *_DIRECTORIES,
    *_CALLS,
    *_FOUND,
    *of_line.TEXTS,
    *of_settings.TEXTS,
    *of_setup.TEXTS,
)


def prepare() -> None:
    """Do what `said` would do at first, which takes a while; may be done in a thread."""
    phrase.prepare(_TEXTS)


def said(words: str, spoken: Language) -> str:
    """Translate what the daemon said, of itself or of popups; what is not known here stays as it came."""
    told = phrase.reworded(words, _TEXTS, spoken.gettext)
    if told is not None or not words:  # of nothing a catalogue tells what it is itself
        return told or words
    whole = spoken.gettext(words)
    return spoken.speech.gettext(words) if whole == words else whole
