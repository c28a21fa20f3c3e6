"""Addresses of the visit planner, the field team's pages and the process maps, under /desk/."""

from django.urls import path

from derman.desk.case import case_map
from derman.desk.learning import maps
from derman.desk.visits import field, planner

urlpatterns = [
    path("visits/", planner.planner, name="visits"),
    path("field/", field.today, name="field"),
    path("field/session/", field.session, name="field_session"),
    path("field/worker.js", field.worker, name="field_worker"),
    path("maps/", maps.many, name="maps"),
    path("cases/<str:number>/map/", case_map.case, name="case_map"),
    path("field/<uuid:visit_id>/", field.visit, name="field_visit"),
]
