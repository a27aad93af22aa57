"""What an auditor asks of a plan: what was changed without a word, what was eased, what was rewritten."""
