"""KPIs that are calculated from others: the formula read, checked and evaluated; nothing is ever run as Python."""
