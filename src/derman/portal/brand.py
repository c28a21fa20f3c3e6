"""The organisation's colours, as a sheet that every page asks for after the house's own."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.views.decorators.cache import cache_control
from django.views.decorators.http import condition, require_safe

from derman.profile import publishing
from derman.profile.colours import DARK_PAGE, LIGHT_PAGE, tint
from derman.profile.publishing import NotPublished
from derman.profile.schema import Brand

KEPT = 60  # seconds in which a browser need not ask again


def _brand() -> Brand | None:
    try:
        return publishing.current().profile.organisation.brand
    except NotPublished:
        return None


def _etag(request: HttpRequest, *args: Any) -> str:
    brand = _brand()
    colours = (brand.light, brand.on_light, brand.dark, brand.on_dark) if brand else ("none",)
    return f'"{"-".join(colours).replace("#", "")}"'


@require_safe
@cache_control(public=True, max_age=KEPT)
@condition(etag_func=_etag)
def sheet(request: HttpRequest) -> HttpResponse:
    """Empty where the organisation has no colours of its own."""
    brand = _brand()
    context = {
        "brand": brand,
        "light_tint": tint(brand.light, LIGHT_PAGE) if brand else "",
        "dark_tint": tint(brand.dark, DARK_PAGE) if brand else "",
    }
    css = render_to_string("portal/brand.css", context)
    return HttpResponse(css, content_type="text/css; charset=utf-8")
