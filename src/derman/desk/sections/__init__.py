"""The parts of the case page that many cases do not have, each a module with its `Section`s."""
