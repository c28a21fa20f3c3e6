"""Customers, how to reach them, their accounts, and the notices they were shown."""
