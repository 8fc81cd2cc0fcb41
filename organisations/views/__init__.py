"""Pages of the organisation itself: its front door, first run, settings and colours."""
