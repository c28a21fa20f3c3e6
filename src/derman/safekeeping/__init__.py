"""Taking all data out and putting it back: backups, and the move to another database."""
