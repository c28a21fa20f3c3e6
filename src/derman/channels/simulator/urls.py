"""Addresses of the simulator."""

from django.urls import path

from derman.channels.simulator import views

app_name = "simulator"
urlpatterns = [
    path("", views.index, name="index"),
    path("messages.json", views.messages, name="messages"),
]
