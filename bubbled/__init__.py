"""Screen pops for Asterisk: who is calling, on your desktop, before you pick up."""

__version__ = "0.1.0"
