"""One plan for many: what every group has reported, in Parquet, scored by an engine of the user's choice."""
