"""E-mail on its way out, by SMTP."""
