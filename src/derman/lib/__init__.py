"""Pure helpers: no Django, no clock, no domain. Every other package may use them."""
