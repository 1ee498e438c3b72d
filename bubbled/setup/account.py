"""What the administrator of the PBX has to add for the account."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bubbled.daemon.pbx_account import address_towards
from bubbled.pbx.ami.stanza import stanza
from bubbled.pbx.ami.tracker import WANTED
from bubbled.settings.schema import AMI_PORT
from bubbled.setup.answer import HOST, PORT, USERNAME

if TYPE_CHECKING:
    from bubbled.setup.answer import Answers


def wanted(answers: Answers) -> str:
    """Give what has to stand in manager.conf; its secret is nobody's business here."""
    permit = address_towards(answers[HOST], int(answers.get(PORT, AMI_PORT)))
    return stanza(answers[USERNAME], WANTED, permit=permit, asterisk=None)
