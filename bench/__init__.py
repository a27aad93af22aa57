"""What is measured: start-up, loading, scoring. Ratios within one run; figures go to docs/performance.md."""
