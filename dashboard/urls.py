"""Everything below /dashboard/ goes through one view."""

from django.urls import re_path

from dashboard.views import dashboard

urlpatterns = [re_path(r"^(?P<path>.*)$", dashboard)]
