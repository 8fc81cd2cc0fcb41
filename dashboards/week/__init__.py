"""A coach's week: with whom a call is due and why, and a proposal that fits the minutes that are there."""
