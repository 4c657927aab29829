"""The Dagster assets, thin: read, call a plain function, validate, write."""
