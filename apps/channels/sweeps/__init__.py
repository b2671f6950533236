"""Loops over due rows of all workspaces; each row is then handled inside its own."""
