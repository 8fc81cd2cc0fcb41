"""The API of this room: who asks (`callers`), and what it holds (`resources`)."""
