"""Answers of the API are one person's and are kept by no cache."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse


class NoStore:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        answer = self.get_response(request)
        if request.path_info.startswith("/api/v1/"):
            answer["Cache-Control"] = "private, no-store"
            if not answer.streaming:
                # Without it the server sends in chunks: three writes for one.
                answer["Content-Length"] = str(len(answer.content))
        return answer
