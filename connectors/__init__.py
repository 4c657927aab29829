"""One module per platform: an export file in, typed frames out. No Dagster, no DuckDB, no Plotly."""
