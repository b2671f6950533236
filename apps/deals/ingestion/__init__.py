"""Lists of leads: recognised, read row by row, and merged into what the workspace knows."""
