"""The formulas: one short module a measure, each pure, each number defined once."""
