"""Addresses of the house style."""

from django.urls import path

from derman.ui import views

app_name = "ui"
urlpatterns = [
    path("theme/", views.theme, name="theme"),
    path("gallery/", views.gallery, name="gallery"),
    path("gallery/<slug:page>/", views.gallery, name="gallery_page"),
]
