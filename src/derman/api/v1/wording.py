"""What is wrong with a value, in the language of Accept-Language, for every code of pydantic's."""

from typing import Any

from django.utils.translation import gettext as translate

from derman.words.marks import gettext_noop as _

# The codes that bodies and filters of this API can meet; the braces name pydantic's context.
WORDS = {
    "missing": _("This is needed."),
    "extra_forbidden": _("There is no such key."),
    "enum": _("Give one of these: {expected}."),
    "literal_error": _("Give one of these: {expected}."),
    "string_type": _("Give a text."),
    "string_unicode": _("The text holds half a character."),
    "string_too_long": _("Give at most {max_length} characters."),
    "string_too_short": _("Enter a text."),
    "string_pattern_mismatch": _("Use letters, digits and signs of ASCII alone."),
    "int_parsing": _("Give a whole number."),
    "int_parsing_size": _("Give a whole number."),
    "int_from_float": _("Give a whole number."),
    "greater_than_equal": _("Give a number that is {ge} or more."),
    "less_than_equal": _("Give a number that is {le} or less."),
    "greater_than": _("Give a number above {gt}."),
    "decimal_max_places": _("Enter an amount with at most two decimals."),
    "decimal_max_digits": _("This amount is too large."),
    "decimal_whole_digits": _("This amount is too large."),
    "decimal_parsing": _("Give a number, for example 120.50."),
    "decimal_type": _("Give a number, for example 120.50."),
    "finite_number": _("Give a number, for example 120.50."),
    "uuid_parsing": _("This is not an id of ours."),
    "datetime_parsing": _("Give a date that is in the calendar."),
    "datetime_from_date_parsing": _("Give a date that is in the calendar."),
    "datetime_object_invalid": _("Give a date that is in the calendar."),
    "model_type": _("Give a JSON object."),
    "model_attributes_type": _("Give a JSON object."),
    "dict_type": _("Give a JSON object."),
}


def detail(error: dict[str, Any]) -> str:
    """The error in words; those that this API made itself are in words already."""
    known = WORDS.get(str(error["type"]))
    if known is None:
        return str(error["msg"])
    said = dict(error.get("ctx", {}))
    if "expected" in said:  # pydantic joins the last two in English
        said["expected"] = str(said["expected"]).replace(" or ", ", ")
    return translate(known).format(**said)
