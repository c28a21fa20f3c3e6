"""People on file: finding them, their page, their contacts, merging two rows of one person."""
