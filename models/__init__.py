"""What things mean: table schemas, the metric registry, SQL models, statistics and the release policy.

No Dagster, no Plotly, and nothing of our other packages belongs here.
"""
