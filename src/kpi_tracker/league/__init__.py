"""Many groups that follow one plan side by side: who stands where, what lags, and what looks odd."""
