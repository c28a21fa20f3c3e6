"""Being somebody at the desk: signing in, the second step, the own account, being away."""
