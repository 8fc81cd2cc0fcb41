"""The demo: organisations made by playing the real code path over simulated months. Nothing is ever sent."""
