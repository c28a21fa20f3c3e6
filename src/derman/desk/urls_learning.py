"""Addresses of what is learnt from cases, under /desk/."""

from django.urls import path

from derman.desk.learning import frequent, improvements, root_causes

urlpatterns = [
    path("frequent-topics/", frequent.topics, name="frequent"),
    path("root-causes/", root_causes.root_causes, name="root_causes"),
    path("root-causes/new/", root_causes.new, name="root_cause_new"),
    path("root-causes/<uuid:cause_id>/", root_causes.root_cause, name="root_cause"),
    path("root-causes/<uuid:cause_id>/answers/", root_causes.answers, name="cause_answers"),
    path("root-causes/<uuid:cause_id>/details/", root_causes.details, name="cause_details"),
    path(
        "root-causes/<uuid:cause_id>/conclusion/", root_causes.conclusion, name="cause_conclusion"
    ),
    path("improvements/", improvements.improvements, name="improvements"),
    path("improvements/new/", improvements.new, name="improvement_new"),
    path("improvements/<uuid:improvement_id>/", improvements.improvement, name="improvement"),
    path(
        "improvements/<uuid:improvement_id>/change/",
        improvements.change,
        name="improvement_change",
    ),
    path("improvements/<uuid:improvement_id>/looks/", improvements.look, name="improvement_look"),
    path(
        "improvements/<uuid:improvement_id>/restart/",
        improvements.restart,
        name="improvement_restart",
    ),
]
