"""Addresses under /desk/."""

from django.urls import include, path

from derman.desk import customers, register, signin

app_name = "desk"
urlpatterns = [
    path("register/", register.register, name="register"),
    path("register/<str:number>/", register.registered, name="registered"),
    path("customers/<uuid:customer_id>/", customers.customer, name="customer"),
    path("password/", signin.password, name="password"),
    path("preferences/", signin.preferences, name="preferences"),
    path("", include("derman.desk.urls_cases")),
]
