"""Addresses of lists: kept views, filters, and work on many cases, under /desk/."""

from django.urls import path

from derman.desk import filter_panel, saved_views

urlpatterns = [
    path("filters/", filter_panel.panel, name="filters"),
    path("views/", saved_views.views, name="views"),
    path("views/new/", saved_views.new, name="view_new"),
    path("views/counts/", saved_views.counts, name="views_counts"),
    path("views/<uuid:view_id>/", saved_views.view, name="view"),
    path("views/<uuid:view_id>/deletion/", saved_views.deletion, name="view_deletion"),
    path("views/<uuid:view_id>/pin/", saved_views.pin, name="view_pin"),
]
