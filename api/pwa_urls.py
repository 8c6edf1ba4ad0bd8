"""Addresses of the phone app's screens; its files are served before these."""

from django.urls import path, re_path

from api.pwa import shell

urlpatterns = [
    path("", shell),
    re_path(
        r"^(?:history|trends|infusion|me|print|sheet|sign-in|welcome|help)/?$", shell
    ),
    re_path(r"^day/\d{4}-\d{2}-\d{2}/?$", shell),
]
