"""Addresses of the API. Whatever goes wrong below them is told as problem details."""

from django.urls import path, re_path

from derman.api.v1 import api, problems

V1 = api.urls
for operation in V1[0]:
    if operation.callback is not None:
        operation.callback = problems.told(operation.callback)

urlpatterns = [
    path("v1/", V1),
    re_path("", problems.nothing, name="api_nothing"),
]
