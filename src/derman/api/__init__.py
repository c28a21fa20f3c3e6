"""What other systems talk to. Pages for people are elsewhere."""
