"""The sample company: a seeded generator of the vendors' real export formats, with the figures it must give.

Imports nothing else of ours.
"""

from data_samples.truth import Truth
from data_samples.write import write_company

__all__ = ["Truth", "write_company"]
