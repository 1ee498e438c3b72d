from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from bubbled.directory.kinds.ldap.agent import Agent

if TYPE_CHECKING:
    import pytest


def test_where_bonsai_is_missing_the_answer_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "bonsai", None)
    account = {"scheme": "ldap", "host": "ldap.example.com", "port": 389, "start_tls": False, "ca_file": None}
    assert Agent(account).answer({}) == {"failed": "not installed", "detail": ""}
