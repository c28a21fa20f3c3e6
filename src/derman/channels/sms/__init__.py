"""Text messages by an HTTP gateway, whichever: what it wants to hear is set up, not programmed."""
