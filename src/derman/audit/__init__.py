"""Who saw whom, which guesses were made, and the triggers that keep facts as they were."""
