"""The disclosure audit: what can be worked out about few people from everything that is published. Pure functions.

It knows nothing of the release policy, or it would repeat its mistakes. It is told what each released column counts and
how exactly (`columns`), who belongs to which group (`atoms`), and how large a group must be; it turns every published
figure into an equation or an interval over the people counted (`figures`, `system`) and asks of every group that is too
small to be shown, and of the ends of every other, what follows about it (`protected`, `intervals`).
"""

from models.audit.findings import Finding, Limits
from models.audit.published import Audited, Known, audit, panel_digests

__all__ = ["Audited", "Finding", "Known", "Limits", "audit", "panel_digests"]
