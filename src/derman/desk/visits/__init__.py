"""Visits on site: the planner of a week, and the pages of the team on the way."""
