"""Pages of the sending room."""
