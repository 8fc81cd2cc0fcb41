"""What must be so before a commit counts: nothing unused by tests, enough branches seen, mutants found."""
