"""Addresses of the visit planner and of the field team's pages, under /desk/."""

from django.urls import path

from derman.desk import field, visits

urlpatterns = [
    path("visits/", visits.planner, name="visits"),
    path("field/", field.today, name="field"),
    path("field/session/", field.session, name="field_session"),
    path("field/worker.js", field.worker, name="field_worker"),
    path("field/<uuid:visit_id>/", field.visit, name="field_visit"),
]
