"""What follows the answer: asking whether it helped, following up, and learning from it."""
