"""The night as a whole: what a check found, held against the last one, remembered, and told."""
