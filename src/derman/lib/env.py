"""Readers of the environment. Each variable may also be given as a file: NAME_FILE."""

import ipaddress
import os
from pathlib import Path

TRUE = frozenset({"1", "true", "yes", "on"})
FALSE = frozenset({"0", "false", "no", "off", ""})


class Misconfigured(Exception):
    """A setting is missing or unreadable; the one-line text says which and what to do."""


def text(name: str, default: str | None = None, *, hint: str = "") -> str:
    """The variable, else the content of the file that NAME_FILE names, else the default."""
    value, path = os.environ.get(name), os.environ.get(f"{name}_FILE")
    if value is not None and path:
        raise Misconfigured(f"Set {name} or {name}_FILE, not both.")
    if path:
        value = _content(name, path)
    if value is None:
        value = default
    if value is None:
        raise Misconfigured(f"{name} is not set. {hint or f'Set it, or {name}_FILE.'}")
    return value


def flag(name: str, *, default: bool = False) -> bool:
    """A yes or no."""
    value = text(name, "yes" if default else "no").strip().lower()
    if value not in TRUE | FALSE:
        raise Misconfigured(f"{name} must be true or false, not {value!r}.")
    return value in TRUE


def number(name: str, default: int, *, least: int = 0, most: int | None = None) -> int:
    """A whole number within its bounds."""
    value = text(name, str(default)).strip()
    try:
        found = int(value)
    except ValueError:
        raise Misconfigured(f"{name} must be a whole number, not {value!r}.") from None
    if found < least or (most is not None and found > most):
        bounds = f"at least {least}" if most is None else f"from {least} to {most}"
        raise Misconfigured(f"{name} must be {bounds}, not {found}.")
    return found


def words(name: str, default: str = "") -> list[str]:
    """A list separated by commas or spaces."""
    return text(name, default).replace(",", " ").split()


def networks(name: str, default: str = "") -> list[ipaddress.IPv4Network | ipaddress.IPv6Network]:
    """Addresses or networks, separated as words are."""
    try:
        return [ipaddress.ip_network(word) for word in words(name, default)]
    except ValueError as reason:
        raise Misconfigured(f"{name}: {reason}.") from None


def _content(name: str, path: str) -> str:
    try:
        return Path(path).read_text(encoding="utf-8").rstrip("\r\n")
    except (OSError, UnicodeDecodeError) as reason:
        raise Misconfigured(f"{name}_FILE: {path} cannot be read ({reason}).") from None
