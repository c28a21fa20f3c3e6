"""What the tables of libraries hold about people: declared as our own declare it themselves.

All of them are about staff, who sign in; applicants have no account. A guard test fails for a table
or a field that is not named here.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from derman.words.privacy import Category, Personal

KEPT = Personal(Category.STAFF, export=False)


@dataclass(frozen=True)
class Declared:
    """The same words as a model's own `class Privacy`."""

    subject: str = ""
    personal: Mapping[str, Personal] = field(default_factory=dict)
    plain: frozenset[str] = frozenset()


def _plain(*names: str) -> Declared:
    return Declared(plain=frozenset({"id", *names}))


LIBRARIES: Mapping[str, Declared] = {
    "auth.Permission": _plain("name", "content_type", "codename"),
    "auth.Group": _plain("name"),
    "contenttypes.ContentType": _plain("app_label", "model"),
    # Who is signed in; swept when it ends.
    "sessions.Session": Declared(
        personal={"session_data": Personal(Category.TECHNICAL, erase=None, export=False)},
        plain=frozenset({"session_key", "expire_date"}),
    ),
    "usersessions.UserSession": Declared(
        subject="user",
        personal={
            "ip": Personal(Category.TECHNICAL, erase="127.0.0.1"),
            "user_agent": Personal(Category.TECHNICAL),
            "data": Personal(Category.TECHNICAL, erase=None, export=False),
        },
        plain=frozenset({"id", "user", "session_key", "created_at", "last_seen_at"}),
    ),
    # Unused: staff sign in by name, and addresses stand with the user.
    "account.EmailAddress": Declared(
        subject="user",
        personal={"email": Personal(Category.STAFF)},
        plain=frozenset({"id", "user", "verified", "primary"}),
    ),
    "account.EmailConfirmation": _plain("email_address", "created", "sent", "key"),
    # Secrets of the second step, sealed.
    "mfa.Authenticator": Declared(
        subject="user",
        personal={"data": Personal(Category.STAFF, erase=None, export=False)},
        plain=frozenset({"id", "user", "type", "created_at", "last_used_at"}),
    ),
    "socialaccount.SocialApp": _plain(
        "provider", "provider_id", "name", "client_id", "secret", "key", "settings"
    ),
    # Who somebody is at the identity provider: its key for them, no claims.
    "socialaccount.SocialAccount": Declared(
        subject="user",
        personal={
            "uid": Personal(Category.STAFF),
            "extra_data": Personal(Category.STAFF, erase=None, export=False),
        },
        plain=frozenset({"id", "user", "provider", "last_login", "date_joined"}),
    ),
    "socialaccount.SocialToken": Declared(
        subject="account__user",
        personal={"token": KEPT, "token_secret": KEPT},
        plain=frozenset({"id", "app", "account", "expires_at"}),
    ),
}
