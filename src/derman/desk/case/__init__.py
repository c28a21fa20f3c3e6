"""One case: its page and history, its tasks and actions, its map, a print of it."""
