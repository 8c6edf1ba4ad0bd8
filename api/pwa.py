"""The phone app's shell: one page for every address the app itself knows."""

from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_safe

NOT_BUILT = (
    "<!doctype html><html lang=en><title>Respite</title>"
    "<p>The phone app has not been built yet. Run <code>make build</code>, "
    "then load this page again.</p></html>"
)


@require_safe
@ensure_csrf_cookie
def shell(request: HttpRequest) -> HttpResponse:
    """index.html, through Django so that it carries our headers and CSRF cookie."""
    try:
        page = (Path(settings.PWA_DIR) / "dist" / "index.html").read_bytes()
    except FileNotFoundError:
        return HttpResponse(NOT_BUILT, status=503)
    answer = HttpResponse(page)
    answer["Cache-Control"] = "no-cache"
    return answer
