"""A small PBX for trying bubbled without one: it plays recordings of a real Asterisk to real clients."""

from bubbled.pbx.demo.scene import CONTACTS, SCENES, Scene
from bubbled.pbx.demo.server import DemoPbx

__all__ = ["CONTACTS", "SCENES", "DemoPbx", "Scene"]
