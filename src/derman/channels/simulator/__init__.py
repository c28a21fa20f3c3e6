"""The demo's phones and mailboxes: nothing leaves, everybody can look."""
