"""The case file: models, life, actions, clocks, tasks, search."""
