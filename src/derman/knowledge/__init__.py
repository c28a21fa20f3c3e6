"""What the organisation knows, written down for its own people: articles by topic."""
