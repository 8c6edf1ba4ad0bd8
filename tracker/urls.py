"""Where everything is; names the packages above by string only."""

from django.urls import include, path

urlpatterns = [
    path("api/", include("api.urls")),
    path("dashboard/", include("dashboard.urls")),
    path("", include("api.pwa_urls")),
]

handler404 = "api.errors.not_found"
handler500 = "api.errors.server_error"
