"""Forms to be filled in: what is asked of whom for a period, as workbooks that can be read back without guessing."""
