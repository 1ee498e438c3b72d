from __future__ import annotations

import pytest

from bubbled.directory.port import Phase
from bubbled.directory.unusable import UnusableDirectory
from bubbled.error import DirectoryError
from bubbled.model import E164


async def test_it_says_why_it_cannot_answer_and_tells_nobody_anything() -> None:
    broken = UnusableDirectory("CRM", "there is no preset hubspt")
    await broken.start()
    assert (broken.state.phase, str(broken.state)) == (Phase.FAILED, "failed: there is no preset hubspt")
    assert broken.disclosures(E164("+31612345678")) == ()
    with pytest.raises(DirectoryError, match="no preset hubspt"):
        await broken.lookup(E164("+31612345678"))
    await broken.aclose()
