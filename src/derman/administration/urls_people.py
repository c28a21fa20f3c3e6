"""Addresses of users, memberships and tokens, under /settings/."""

from django.urls import path

from derman.administration import absences, memberships, tokens, users

USER = "users/<int:user_id>/"

urlpatterns = [
    path("users/", users.users, name="users"),
    path("users/new/", users.add, name="user_add"),
    path(USER, users.user, name="user"),
    path(USER + "end/", users.end, name="user_end"),
    path(USER + "return/", users.take_back, name="user_return"),
    path(USER + "second-step/removal/", users.reset_factors, name="user_factors"),
    path(USER + "password-link/", users.password_link, name="user_password_link"),
    path(USER + "posts/", memberships.give, name="post_give"),
    path(USER + "posts/<int:post_id>/removal/", memberships.take, name="post_take"),
    path("memberships/", memberships.memberships, name="memberships"),
    path("absences/", absences.absences, name="absences"),
    path("absences/<int:absence_id>/end/", absences.end, name="absence_end"),
    path("tokens/", tokens.tokens, name="tokens"),
    path("tokens/<int:token_id>/revocation/", tokens.revoke, name="token_revoke"),
]
