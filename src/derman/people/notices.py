"""The privacy notice that people are shown: its exact text, kept once for each version."""

import hashlib
from datetime import datetime

from derman.people.models import NoticeVersion
from derman.profile.schema import Profile


def shown(profile: Profile, language: str, *, at: datetime) -> NoticeVersion:
    """The row of the notice as it stands now; made when this text is shown for the first time."""
    text = profile.text(profile.privacy.notice, language)
    digest = hashlib.sha256(text.encode()).hexdigest()
    version, _ = NoticeVersion.objects.get_or_create(
        language=language, digest=digest, defaults={"text": text, "since": at}
    )
    return version
