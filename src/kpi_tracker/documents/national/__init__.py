"""The pages of a league: all groups at a glance, each KPI over all groups, each group with its KPIs."""
