"""The domain as a Django application."""

from django.apps import AppConfig


class TrackerConfig(AppConfig):
    name = "tracker"
