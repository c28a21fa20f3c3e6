"""What is owed to applicants, as lists: promises, actions, offers, follow-ups, messages."""
