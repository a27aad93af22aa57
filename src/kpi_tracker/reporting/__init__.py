"""The ways out: texts and files made from a scorecard, and from nothing behind it."""
