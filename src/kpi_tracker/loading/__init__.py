"""The way in for plans: YAML files to a :class:`~kpi_tracker.model.goal.Plan` and a list of everything that is wrong."""
