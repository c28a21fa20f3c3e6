"""Words of the pages about what is learnt."""

from django import template
from django.utils.translation import gettext as _

from derman.desk.labels import word
from derman.words.kinds import Channel

register = template.Library()


@register.filter
def channel_label(key: str) -> str:
    """What a channel is called; some replies go by none in particular."""
    return word(Channel, key) if key in tuple(Channel) else key or _("Other ways")
