from __future__ import annotations

import json
import signal
import socket
import subprocess
import sys

import pytest

from bubbled.directory.kinds.ldap.agent import Agent

ACCOUNT = {
    "scheme": "ldaps",
    "host": "127.0.0.1",
    "port": 636,
    "start_tls": False,
    "ca_file": None,
    "bind_dn": None,
    "password": None,
    "binary": [],
}
QUESTION = {"base": "", "scope": "base", "filter": "(cn=*)", "attributes": ["cn"], "limit_s": 0.1}


def agent() -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "bubbled.directory.kinds.ldap.agent"]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)  # noqa: S603 (fixed words)


def test_where_bonsai_is_missing_the_answer_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "bonsai", None)
    assert Agent(ACCOUNT).answer(QUESTION) == {"failed": "not installed", "detail": ""}


def test_it_ends_when_nobody_can_ask_any_more() -> None:
    with agent() as process:
        assert process.stdin is not None
        process.stdin.write(json.dumps(ACCOUNT) + "\n")
        process.stdin.close()
        assert process.wait(20) == 0


@pytest.mark.server
def test_stuck_it_is_ended_by_the_system_also_when_nobody_is_left_to_do_so() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent, agent() as process:
        assert process.stdin is not None
        account = ACCOUNT | {"port": silent.getsockname()[1]}
        process.stdin.write(f"{json.dumps(account)}\n{json.dumps(QUESTION)}\n")
        process.stdin.close()
        assert process.wait(20) == -signal.SIGALRM
