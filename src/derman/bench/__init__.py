"""Measuring: bulk data, runs and the private PostgreSQL server they use."""
