"""Two records that stand for the same become one, and nothing of either is lost."""

from timeline.models import Actor, Event, Place, Source
from timeline.services.merging.acting import MergeRefused, MergeReport, merge_records
from timeline.services.merging.plan import Clash

# What can be merged.
MERGED = (Actor, Place, Source, Event)

__all__ = ["MERGED", "Clash", "MergeRefused", "MergeReport", "merge_records"]
