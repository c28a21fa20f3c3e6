"""The macros that the case page offers: which fit the case, and whose steps the person may do."""

from dataclasses import dataclass

from derman.cases.permissions import is_left_to
from derman.desk.verbs.form import Scene
from derman.desk.verbs.offered import may_on
from derman.profile.schema import Macro
from derman.workplace import macros


@dataclass(frozen=True)
class Choice:
    """A macro in the menu."""

    key: str
    label: str
    help: str


def choices(scene: Scene) -> list[Choice]:
    """The macros that fit the case and of which the person may do every step."""
    profile, language = scene.profile.profile, scene.labels.language
    return [
        Choice(
            key,
            profile.text(macro.label, language),
            profile.text(macro.help, language) if macro.help else "",
        )
        for key, macro in macros.fitting(profile, scene.case)
        if may_do(scene, macro)
    ]


def may_do(scene: Scene, macro: Macro) -> bool:
    return all(
        may_on(scene, verb) and is_left_to(scene.user, verb, scene.profile.profile)
        for verb in macros.verbs(macro)
    )
