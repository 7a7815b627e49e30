"""Pages of what a reader keeps: watches (``desk``), marks and their files, the feeds that are followed."""
