"""The pages under /settings/: the organisation, who works here, and what is connected."""
