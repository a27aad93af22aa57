"""Plan files written: in one canonical form, for the year to come, and for the first time."""
