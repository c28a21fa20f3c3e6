"""The people who work in the demo organisation, and who of them acts when."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from random import Random
from typing import Any

from django.contrib.auth.hashers import make_password
from django.db import transaction

from derman.accounts.models import Membership, User
from derman.words.rights import DEMO_PASSWORD, Role


@dataclass(frozen=True)
class Post:
    """Somebody as what they are in one unit."""

    user: User
    role: str
    unit: str


class Cast:
    """Everybody who can act in the demo's history."""

    def __init__(self, posts: Iterable[Post]) -> None:
        self.posts = tuple(posts)

    def one(self, random: Random, role: Role, unit: str = "") -> User:
        """Somebody with this role; of this unit where it has one."""
        roles = [post for post in self.posts if post.role == role]
        fit = [post for post in roles if post.unit == unit] or roles
        return random.choice(fit).user


@transaction.atomic
def hire(rows: Iterable[Mapping[str, Any]], *, domain: str, at: datetime) -> Cast:
    """Add the staff who are missing; all have the demo's password."""
    password = make_password(DEMO_PASSWORD)  # once: a hash is slow on purpose
    posts: list[Post] = []
    for row in rows:
        first, _, last = row["full_name"].rpartition(" ")
        user, made = User.objects.get_or_create(
            username=row["name"],
            defaults={
                "first_name": first,
                "last_name": last,
                "email": f"{row['name']}@{domain}",
                "password": password,
                "date_joined": at,
            },
        )
        for role, units in row["roles"].items():
            for unit in units:
                if made:
                    Membership.objects.create(user=user, role=role, unit=unit)
                posts.append(Post(user, role, unit))
    return Cast(posts)
