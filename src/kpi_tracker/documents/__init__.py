"""Progress documents: what leaders read, made from a scorecard as pages of blocks and written in several formats."""
