"""The organisations that ship with Derman: fictional ones, each typical of its sector."""

from importlib import resources
from pathlib import Path as Folder

from derman.profile import folder
from derman.profile.hints import unknown
from derman.profile.schema import Profile

SHIPPED = Folder(str(resources.files("derman.profile"))) / "presets"


class NoSuchPreset(Exception):
    """No preset has this name; the message says which there are."""


def names() -> list[str]:
    return sorted(path.parent.name for path in SHIPPED.glob("*/organisation.toml"))


def find_folder(name: str) -> Folder:
    """The folder of a preset."""
    if name not in names():
        raise NoSuchPreset(unknown("preset", name, names()))
    return SHIPPED / name


def load(name: str) -> Profile:
    return folder.load(find_folder(name))
