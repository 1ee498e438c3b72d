"""What the settings of directories are called and mean; see `explanation`. Pure."""

from __future__ import annotations

from typing import Final


def _(text: str) -> str:
    """Mark a text for the translators, who find it here, before there is a catalogue to ask."""
    return text


DIRECTORY: Final = {
    "directory.name": (_("Name"), _("What popups call this source of contacts; no two may have the same.")),
    "directory.kind": (_("Kind"), _("What holds the contacts.")),
    "directory.region": (
        _("Country of numbers"),
        _("To which country numbers without a country code belong; empty: your own."),
    ),
    "directory.timeout_s": (_("Longest wait"), _("How many seconds to wait for its answer.")),
    "directory.tier": (
        _("Group"),
        _("Directories of one group are asked together, the next group only when none knows the number."),
    ),
    "directory.internal": (
        _("Holds colleagues"),
        _("It is asked about calls of colleagues, and about these alone."),
    ),
    "directory.enabled": (_("In use"), _("Whether it is asked at all.")),
    "directory.path": (_("File"), _("Where the file is.")),
    "directory.columns.name": (
        _("Column of names"),
        _("The heading of the column, where bubbled does not recognise it."),
    ),
    "directory.columns.company": (_("Column of companies"), _("The heading of that column.")),
    "directory.columns.url": (_("Column of links"), _("The heading of the column with web pages.")),
    "directory.columns.numbers": (
        _("Columns of numbers"),
        _("The headings of all columns with telephone numbers."),
    ),
    "directory.attributes.name": (_("Attribute for names"), _("Which attribute of an entry holds the name.")),
    "directory.attributes.company": (_("Attribute for companies"), _("Which attribute holds the company.")),
    "directory.attributes.url": (_("Attribute for links"), _("Which attribute holds a web page.")),
    "directory.attributes.numbers": (
        _("Attributes for numbers"),
        _("Which attributes hold telephone numbers; empty: the usual ones."),
    ),
    "directory.fields": (_("More to show"), _("More attributes, by the name that they have in popups.")),
    "directory.sql.url": (
        _("Database address"),
        _("Such as postgresql://account@host/database; without the password."),
    ),
    "directory.ldap.url": (_("Server address"), _("Such as ldaps://ldap.example.com.")),
    "directory.carddav.url": (
        _("Address of contacts"),
        _("The server, the account's page on it, or one address book."),
    ),
    "directory.google_places.url": (
        _("Address of service"),
        _("Needed only if Google is reached through a gateway of your own."),
    ),
    "directory.username": (_("Account"), _("The name of the account on the server.")),
    "directory.password": (
        _("Password"),
        _("The account's password, or where it is kept. It is never shown here, only replaced."),
    ),
    "directory.query": (_("Query"), _("The SQL query, with the number as :e164, :national or :tail.")),
    "directory.tls": (_("Encrypted connection"), _("Off only where the database is on this computer.")),
    "directory.start_tls": (
        _("Encrypt after connecting"),
        _("For servers whose address begins with ldap://."),
    ),
    "directory.ca_file": (
        _("Certificate file"),
        _("Who has signed the server's certificate, where this computer does not know that."),
    ),
    "directory.base": (
        _("Search below"),
        _("The entry below which people are, such as ou=people,dc=example,dc=com."),
    ),
    "directory.bind_dn": (_("Account"), _("The account that searches; empty: none.")),
    "directory.variant": (_("Kind of server"), _("Active Directory, or any other.")),
    "directory.scope": (_("Depth of search"), _("The entry itself, those right below it, or all below it.")),
    "directory.match": (_("Way of matching"), _("How numbers are looked for; empty: as suits the server.")),
    "directory.filter": (_("Own filter"), _("An LDAP filter of your own, with the number as ${tail}.")),
    "directory.internal_filter": (
        _("Filter for extensions"),
        _("An LDAP filter of your own for colleagues, with ${extension}."),
    ),
    "directory.oauth.client_id": (
        _("Client ID"),
        _("Of the access that you were granted, as Google shows it."),
    ),
    "directory.oauth.client_secret": (_("Client secret"), _("It is never shown here, only replaced.")),
    "directory.oauth.refresh_token": (_("Refresh token"), _("It is never shown here, only replaced.")),
    "directory.oauth.token_url": (_("Token address"), _("Where access is renewed; usually Google's.")),
    "directory.refresh_every_s": (_("Look for changes"), _("After how many seconds each time.")),
    "directory.preset": (_("Package"), _("Which CRM package it is, or the path of a preset of your own.")),
    "directory.variables": (
        _("Details"),
        _("What this package asks for, such as the number of your account."),
    ),
    "directory.secrets": (
        _("Access keys"),
        _("The keys that this package asks for. They are never shown here, only replaced."),
    ),
    "directory.log_calls": (_("Write calls there"), _("Whether your calls are noted in the package.")),
    "directory.log_after_s": (
        _("Write after"),
        _("How many seconds after its end a call is written, so that you can still add a note."),
    ),
    "directory.key": (_("Access key"), _("Google's API key. It is never shown here, only replaced.")),
    "directory.language": (_("Language"), _("In which language Google answers, such as en or nl.")),
    "directory.ask_after_errors": (
        _("Ask after failures"),
        _("Ask it also when another directory could not answer, and might have known."),
    ),
}
"""Label and help, by section and key."""
