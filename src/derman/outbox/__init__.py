"""Messages on their way out: from events to rows, from rows to providers, and back."""
