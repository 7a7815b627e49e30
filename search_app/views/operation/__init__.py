"""Pages for those who run it: how it is, figures for monitors, signing in."""
