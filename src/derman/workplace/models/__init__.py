"""What staff keep for their own work. Nothing here says anything about a case."""

from derman.workplace.models.bulk import BulkItem, BulkRun
from derman.workplace.models.drafts import Draft
from derman.workplace.models.presence import Presence
from derman.workplace.models.views import Pin, SavedView

__all__ = ["BulkItem", "BulkRun", "Draft", "Pin", "Presence", "SavedView"]
