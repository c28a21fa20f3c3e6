"""Telling other systems what happened to a case, by the rules of Standard Webhooks."""
