"""What the documents say: from a scorecard to pages of blocks in one language."""
