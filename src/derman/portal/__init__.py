"""Pages for applicants: report, follow, answer. They hold no tables and call the case's actions."""
