"""Real services for the tests: PostgreSQL, Redis, a mail server and Chromium, found or started here."""
