"""The demo organisation: staff, customers and three months of cases, the same for every seed."""
