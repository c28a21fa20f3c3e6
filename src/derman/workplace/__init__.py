"""Work in progress of the people at the desk: views that they keep, and work on many cases."""
