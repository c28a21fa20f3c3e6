"""Many cases: the workbench, kept views, filters, one verb for many."""
