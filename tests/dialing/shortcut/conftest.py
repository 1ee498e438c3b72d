from __future__ import annotations

from tests.popup.screens.conftest import services, session_bus

__all__ = ["services", "session_bus"]
