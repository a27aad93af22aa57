"""The way in for figures that people send: forms and tables, shown before they are taken, taken at once or not at all."""
