"""`python -m derman.cli`, for processes that the command itself starts."""

from derman.cli import main

main()
