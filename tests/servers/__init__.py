"""Real servers that tests start themselves: on loopback, in folders of their own, gone when the tests end."""
