"""The ways in for observations: what was seen, row by row, with everything that is wrong with a row."""
