"""Colleagues to choose from: by the names that they go by, as a reader looks them up.

A database sorts Ö, İ and Ş behind Z, or by the rules of its own locale.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from django import forms
from django.forms.models import ModelChoiceIterator

from derman.accounts.models import User
from derman.lib.turkish import fold


class _ByName(ModelChoiceIterator):
    def __iter__(self) -> Iterator[Any]:
        yield from sorted(super().__iter__(), key=lambda choice: (choice[0] != "", _key(choice)))


class Colleagues(forms.ModelChoiceField):
    """People by the name that colleagues call them, the empty choice first."""

    iterator = _ByName

    def label_from_instance(self, obj: User) -> str:
        return obj.name


def by_name(people: Iterable[User]) -> list[tuple[str, str]]:
    """The same as plain choices."""
    return sorted(((str(user.pk), user.name) for user in people), key=_key)


def _key(choice: tuple[Any, Any]) -> tuple[str, str]:
    return fold(str(choice[1])), str(choice[1])
