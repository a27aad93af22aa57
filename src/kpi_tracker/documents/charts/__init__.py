"""Charts as drawings: shapes with classes, a title and a description, written as SVG with live text."""
