"""What is learnt from cases: board, satisfaction, causes, improvements, rules, maps."""
