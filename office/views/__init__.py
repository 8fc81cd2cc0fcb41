"""Pages for what an admin or a machine brings in."""
