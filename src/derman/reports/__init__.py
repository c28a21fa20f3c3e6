"""What management reads; kept in a rollup from the start."""
