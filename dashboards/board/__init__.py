"""The board of a journey: who is where, and whether they are on track, behind, stuck or paused, and why."""
