"""Figures taken apart by a dimension: totals made of their parts, both reconciled, and each part scored."""
