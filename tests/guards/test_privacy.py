"""Nobody may forget to say whom a field is about and what erasure does with it."""

import pytest
from django.apps import apps
from django.db import models

from derman.accounts.libraries import LIBRARIES
from derman.words.privacy import Personal

OURS = [model for model in apps.get_models() if model.__module__.startswith("derman.")]
OTHERS = [model for model in apps.get_models() if model not in OURS]


def by_label(model: type[models.Model]) -> str:
    return model._meta.label


@pytest.mark.parametrize("model", OURS, ids=by_label)
def test_every_field_is_declared_once(model):
    privacy = model.__dict__.get("Privacy")
    assert privacy is not None, f"{model._meta.label} needs a class Privacy"

    fields = {field.name for field in model._meta.concrete_fields}
    personal, plain = set(privacy.personal), set(privacy.plain)
    assert personal | plain == fields
    assert not personal & plain
    assert all(isinstance(entry, Personal) for entry in privacy.personal.values())


@pytest.mark.parametrize("model", OURS, ids=by_label)
def test_what_erasure_writes_fits_the_field(model):
    """None keeps the value; anything else must be a value that the column takes."""
    for name, entry in model.Privacy.personal.items():
        if entry.erase is not None:
            model._meta.get_field(name).get_prep_value(entry.erase)


@pytest.mark.parametrize("model", OURS, ids=by_label)
def test_a_row_with_personal_data_says_whose_it_is(model):
    privacy = model.Privacy
    if any(entry.erase is not None for entry in privacy.personal.values()):
        assert privacy.subject
    if privacy.subject in {"", "self"}:
        return
    found = model
    for step in privacy.subject.split("__"):
        field = found._meta.get_field(step)
        found = field.related_model or found


@pytest.mark.parametrize("model", OTHERS, ids=by_label)
def test_every_field_of_a_library_is_declared_once(model):
    declared = LIBRARIES[model._meta.label]

    fields = {field.name for field in model._meta.concrete_fields}
    assert set(declared.personal) | declared.plain == fields
    assert not set(declared.personal) & declared.plain
    assert not declared.subject or declared.subject.split("__")[0] in fields


def test_no_library_is_declared_that_is_not_there():
    assert set(LIBRARIES) == {model._meta.label for model in OTHERS}
