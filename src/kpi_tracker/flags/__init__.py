"""The life of flags: when the lag of an item is raised, escalated, acknowledged and cleared."""
