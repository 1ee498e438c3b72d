"""What each setting is called and means, in the words of whoever has a telephone on the desk. Pure.

In English, marked for the translators; who shows them asks a catalogue.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from bubbled.settings.directory_explanation import DIRECTORY

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bubbled.settings.field import FieldForm
    from bubbled.settings.form import SectionForm


def _(text: str) -> str:
    """Mark a text for the translators, who find it here, before there is a catalogue to ask."""
    return text


@dataclass(frozen=True, slots=True)
class Explanation:
    """A label of two to four words, and a sentence of help."""

    label: str
    help: str


def explanation(section: SectionForm, field: FieldForm) -> Explanation:
    """What a setting is called and means."""
    return EXPLANATIONS[name_of(section, field)]


def name_of(section: SectionForm, field: FieldForm) -> str:
    """By what a setting is explained: that of a directory by its kind only where the kinds differ."""
    whole = f"{section.key}.{field.key}"
    if whole in EXPLANATIONS:
        return whole
    return f"{'pbx' if section.key == 'pbx.sip' else section.path[0]}.{field.key}"


def heading(section: SectionForm) -> Explanation:
    """What a section is called and is about."""
    return HEADINGS[section.key]


def _explained(table: Mapping[str, tuple[str, str]]) -> Mapping[str, Explanation]:
    return {key: Explanation(label, words) for key, (label, words) in table.items()}


HEADINGS: Final = _explained(
    {
        "me": (_("You"), _("Whose calls pop up.")),
        "pbx": (_("Telephone system"), _("Where your calls come from, and the account that follows them.")),
        "pbx.sip": (
            _("SIP account besides"),
            _("A second way to follow your calls, for when the first cannot be reached."),
        ),
        "team": (_("Colleagues"), _("Whose calls count when you see who spoke with a caller last.")),
        "dial": (_("Calling"), _("How numbers are called by key, link, command and button.")),
        "directory.csv": (_("CSV file"), _("A table of contacts, as any spreadsheet program saves it.")),
        "directory.excel": (_("Excel file"), _("A workbook with a table of contacts.")),
        "directory.vcard": (_("vCard file"), _("Contacts as telephones and mail programs export them.")),
        "directory.sql": (_("Database"), _("A database that is asked with a query of your own.")),
        "directory.ldap": (_("Company directory"), _("An LDAP server, such as Active Directory.")),
        "directory.carddav": (_("Online address books"), _("Address books on a server, such as Nextcloud.")),
        "directory.rest": (
            _("CRM package"),
            _("Customers in a package such as HubSpot, Odoo or Salesforce."),
        ),
        "directory.google_places": (
            _("Google Maps"),
            _("Businesses that Google knows; asked last, and Google then sees the caller's number."),
        ),
        "lookup": (_("Looking up callers"), _("How long the directories may take, and what is remembered.")),
        "lookup.tier": (_("Groups of directories"), _("How the directories of one group are asked.")),
        "popup": (_("Popups"), _("Which calls pop up, when and for how long.")),
        "popup.layout": (_("What popups say"), _("The title, the lines and the picture of a popup.")),
        "popup.window": (_("Place on screen"), _("Where popups stand and how they look.")),
        "button": (_("Buttons"), _("What you can do from a popup, the most important first.")),
        "tray": (_("Icon"), _("The icon among those of the desktop.")),
        "history": (_("Past calls"), _("How long calls are remembered.")),
        "pages": (_("These pages"), _("The pages in the browser, which only you can open.")),
        "log": (_("Log"), _("What bubbled writes down of its own work.")),
    }
)

_ME: Final = {
    "me.extension": (_("Your extension"), _("The number by which colleagues reach you, such as 101.")),
    "me.region": (
        _("Your country"),
        _("Numbers without a country code are read as numbers of this country."),
    ),
    "me.devices": (
        _("Your phones"),
        _("What the telephone system calls your phones, such as PJSIP/101; empty: the usual names."),
    ),
    "me.name": (_("Your name"), _("What colleagues call you, on notes that go along with a call.")),
    "me.numbers": (
        _("Names of your numbers"),
        _("What a number is called that callers dial to reach you, such as Sales."),
    ),
    "team.devices": (
        _("Phones of colleagues"),
        _("Patterns of their phones, such as PJSIP/1??; their calls count as a last contact."),
    ),
    "team.share_notes": (
        _("Share notes"),
        _("Whether a colleague who takes over your call sees your note, and you see theirs."),
    ),
    "team.names": (_("Names of colleagues"), _("Who has which extension.")),
}

_PBX: Final = {
    "pbx.kind": (
        _("Way of following"),
        _("By AMI, the manager interface of Asterisk, which tells most; or with a SIP account alone."),
    ),
    "pbx.host": (_("Address"), _("The name or address of the telephone system, such as pbx.example.com.")),
    "pbx.tls": (
        _("Encrypted connection"),
        _("Without it, everybody on the way to the telephone system can read who calls whom."),
    ),
    "pbx.transport": (
        _("SIP connection"),
        _("How SIP travels; only with TLS it is encrypted. Of use only with a SIP account."),
    ),
    "pbx.ca_file": (
        _("Certificate file"),
        _("Who has signed the certificate of the telephone system, where this computer does not know that."),
    ),
    "pbx.port": (_("Port"), _("Needed only if the telephone system listens elsewhere than usual.")),
    "pbx.domain": (_("SIP domain"), _("The domain of the SIP account, where it differs from the address.")),
    "pbx.username": (
        _("Account"),
        _("The name of bubbled's account on the telephone system; with SIP, of your phone's."),
    ),
    "pbx.auth_username": (
        _("Login name"),
        _("The name that goes with the password, where your provider gave you two. Only with SIP."),
    ),
    "pbx.secret": (
        _("Password"),
        _("The account's password, or where it is kept. It is never shown here, only replaced."),
    ),
    "pbx.follow": (
        _("Followed extension"),
        _("Whose calls the SIP account follows; empty: those of your own extension."),
    ),
    "pbx.phone": (
        _("Address of phone"),
        _("Where your phone can be asked to call somebody; empty: the telephone system is asked."),
    ),
}

_DIAL: Final = {
    "dial.context": (_("Dialplan context"), _("Where on the telephone system you may call from.")),
    "dial.from": (_("First phone"), _("Which of your phones rings before a number is called.")),
    "dial.names": (_("Names of phones"), _("What you call your phones, such as Desk phone.")),
    "dial.skip_unregistered": (
        _("Skip absent phones"),
        _("Whether your next phone rings where the first is not connected."),
    ),
    "dial.ring_s": (
        _("Ringing time"),
        _("How many seconds your own phone rings before it is given up."),
    ),
    "dial.auto_answer": (
        _("Lift by itself"),
        _("A SIP header that makes your phone lift on its own; its manual tells which."),
    ),
    "dial.format": (
        _("Form of numbers"),
        _("How the telephone system wants to be given numbers of the outside."),
    ),
    "dial.outside_prefix": (_("Outside line"), _("What is dialled for an outside line, such as 0 or 9.")),
    "dial.international_prefix": (
        _("Prefix for abroad"),
        _("What is dialled for another country, such as 00; empty: as usual in your country."),
    ),
    "dial.extensions": (
        _("Internal numbers"),
        _("Patterns of internal numbers that may be called, such as 1??; empty: those of your colleagues."),
    ),
    "dial.codes": (_("Allow codes"), _("Whether codes with * and # may be dialled. A link never may.")),
    "dial.ask": (
        _("Ask before calling"),
        _("What is called only after a question: numbers that cost more. Emergency always is."),
    ),
    "dial.trust_links": (
        _("Trust links"),
        _("Whether a link in a web page calls at once; otherwise you are asked first."),
    ),
    "dial.hotkey": (_("Calling key"), _("The key that calls the number you have selected.")),
}

_LOOKUP: Final = {
    "lookup.budget_s": (_("Longest search"), _("How many seconds all directories together may take.")),
    "lookup.provisional_after_ms": (
        _("First guess after"),
        _("After how many milliseconds a later directory's answer is shown while an earlier one is awaited."),
    ),
    "lookup.remember_s": (
        _("Remember callers"),
        _("For how many seconds a caller who was found is not looked up again; 0: always look."),
    ),
    "lookup.remember_misses_s": (
        _("Remember strangers"),
        _("For how many seconds a number that nobody knew is not looked up again."),
    ),
    "lookup.mode": (
        _("Way of asking"),
        _("All at once, each a little later than the one before, or in turn."),
    ),
    "lookup.stagger_ms": (_("Delay"), _("How many milliseconds later the next directory is asked.")),
}

_POPUP: Final = {
    "popup.inbound": (_("Incoming calls"), _("Whether calls to you pop up.")),
    "popup.outbound": (
        _("Outgoing calls"),
        _("Whether your own calls pop up, if it is known whom you call."),
    ),
    "popup.internal": (_("Colleagues' calls"), _("Whether calls with colleagues pop up.")),
    "popup.missed": (_("Missed calls"), _("Whether a missed call leaves a popup that says so.")),
    "popup.queues": (
        _("Only these queues"),
        _("Of the calls from outside only those pop up that came by one of these queues or groups."),
    ),
    "popup.numbers": (
        _("Only these numbers"),
        _("Of the calls from outside only those pop up whose caller dialled one of these numbers."),
    ),
    "popup.opens": (_("Popup comes"), _("When the phone rings, or when you have answered.")),
    "popup.hours": (
        _("Hours"),
        _("When calls pop up, such as Mon-Fri 08:30-17:30; empty: always."),
    ),
    "popup.quiet": (
        _("Quiet times"),
        _("When no popup comes: at do not disturb, in full screen, or while you share your screen."),
    ),
    "popup.hide_after_s": (
        _("Hide after"),
        _("After how many seconds a popup goes although the call goes on; 0: never."),
    ),
    "popup.keep_after_s": (
        _("Stay after call"),
        _("For how many seconds a popup stays when the call has ended, so that you can write a note."),
    ),
    "popup.vip": (
        _("Important callers"),
        _("Who is marked with a star: a condition, such as category == 'gold'."),
    ),
    "popup.mute_key": (_("Mute key"), _("A key that mutes popups, and shows them again.")),
    "popup.focus_key": (_("Focus key"), _("A key that gives the keyboard to the newest popup.")),
    "popup.screen": (
        _("Kind of popup"),
        _("Windows of bubbled's own, notifications of the desktop, or lines in a terminal."),
    ),
    "popup.layout.headline": (_("Title"), _("What stands at the top of a popup; may hold $variables.")),
    "popup.layout.lines": (
        _("Lines"),
        _("What stands below the title; a line about which nothing is known disappears."),
    ),
    "popup.layout.footnote": (
        _("Footnote"),
        _("What stands below the lines in small print; may hold $variables."),
    ),
    "popup.layout.picture": (_("Picture"), _("The path of an image, or the name of an icon.")),
    "popup.window.monitor": (
        _("Monitor"),
        _("On which monitor: primary, pointer (where the mouse is), a number or a name."),
    ),
    "popup.window.corner": (_("Corner"), _("In which corner of the monitor the first popup stands.")),
    "popup.window.offset": (
        _("Distance from corner"),
        _("How many pixels sideways, and how many up or down."),
    ),
    "popup.window.width": (_("Width"), _("How many pixels wide a popup is.")),
    "popup.window.theme": (_("Light or dark"), _("Auto: as the desktop is.")),
}

_BUTTON: Final = {
    "button.label": (_("Label"), _("What the button says; may hold $variables.")),
    "button.when": (_("Shown when"), _("A condition, such as inbound and matched; empty: always.")),
    "button.open": (
        _("Open address"),
        _("A web page, or another address that the desktop knows how to open."),
    ),
    "button.mail.recipient": (_("Mail to"), _("Who gets the mail that the button begins.")),
    "button.mail.subject": (_("Mail subject"), _("The subject of that mail.")),
    "button.mail.body": (_("Mail text"), _("What stands in that mail; you send it yourself.")),
    "button.copy": (_("Copy text"), _("What the button puts on the clipboard.")),
    "button.dial": (_("Call number"), _("The number that the button calls.")),
    "button.run": (_("Start program"), _("A program and its arguments, each on a line of its own.")),
    "button.mute_min": (
        _("Mute popups"),
        _("For how many minutes the button mutes popups; 0: until you unmute them."),
    ),
    "button.note": (_("Take note"), _("The button asks for a note on the call.")),
    "button.choose": (
        _("Choose caller"),
        _("The button lets you choose who it is, if several are possible."),
    ),
}

_REST: Final = {
    "tray.show": (_("Show icon"), _("Whether there is an icon, with the latest calls in its menu.")),
    "history.retention_days": (
        _("Days remembered"),
        _("How many days calls are remembered; 0: for ever."),
    ),
    "history.last_calls": (_("Calls listed"), _("How many calls the icon lists.")),
    "history.path": (_("History file"), _("The file that remembers calls; empty: the usual one.")),
    "pages.enabled": (_("Pages in browser"), _("Whether there are pages like this one.")),
    "pages.port": (_("Port of pages"), _("Where on this computer the pages are; 0: wherever there is room.")),
    "log.level": (_("Least important"), _("The least important message that is still written.")),
    "log.format": (_("Form of log"), _("Auto: for people in a terminal, else for programs.")),
}

EXPLANATIONS: Final = _explained(_ME | _PBX | _DIAL | _LOOKUP | _POPUP | _BUTTON | _REST | DIRECTORY)
"""By section and key: `popup.inbound`, `directory.path`; what kinds share has none in it."""
