"""The only place that knows Dagster: keys, lake, warehouse, assets, schedule, sensor and the command line."""
