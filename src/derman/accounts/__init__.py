"""Staff users, their memberships in units, service users and tokens, and who may do what."""
