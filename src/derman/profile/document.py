"""A profile as the text that the database keeps, and the digest that tells two profiles apart."""

import hashlib
import json

from derman.profile.schema import Profile


def to_text(profile: Profile) -> str:
    """The whole profile as JSON. The order of topics, units and lines is part of it."""
    return json.dumps(
        profile.model_dump(mode="json"), ensure_ascii=False, separators=(",", ":"), allow_nan=False
    )


def from_text(text: str) -> Profile:
    return Profile.model_validate_json(text)


def digest(profile: Profile) -> str:
    """SHA-256 over the document, as hexadecimal digits."""
    return hashlib.sha256(to_text(profile).encode()).hexdigest()
