"""The vocabulary of the product: plain enums and tables, no Django, no text of an organisation."""
