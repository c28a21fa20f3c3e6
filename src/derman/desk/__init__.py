"""Pages of staff: signing in, registering what somebody says, the workbench, the case."""
