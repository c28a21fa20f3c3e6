"""The scales of the survey, each answer with its words; the same on the web and at the desk."""

from django.utils.translation import gettext_lazy as _

# The process and the action, the best first.
RATINGS = (
    (5, _("5 – very satisfied")),
    (4, _("4 – satisfied")),
    (3, _("3 – neither satisfied nor dissatisfied")),
    (2, _("2 – dissatisfied")),
    (1, _("1 – very dissatisfied")),
)
# Customer effort: whether it was easy.
CES = (
    (7, _("7 – agree completely")),
    (6, _("6 – agree")),
    (5, _("5 – rather agree")),
    (4, _("4 – neither")),
    (3, _("3 – rather disagree")),
    (2, _("2 – disagree")),
    (1, _("1 – disagree completely")),
)
# Net promoter score: whether they would recommend us.
NPS = tuple((number, str(number)) for number in range(11))
