"""A browser that can be reminded, and a push service that remembers."""

import base64
import json
import os
import threading
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import http_ece
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from tracker.models import PushSubscription

JSON = "application/json"


TRY = "/api/v1/reminders/try/"


# Half past seven in the evening in Madrid, ana's zone.
EVENING = datetime(2026, 11, 24, 18, 30, tzinfo=UTC)


DAY = EVENING.date()


class Browser:
    """A subscriber with keys of its own, as a browser makes them."""

    def __init__(self) -> None:
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.auth = os.urandom(16)

    def keys(self) -> dict[str, str]:
        point = self.key.public_key().public_bytes(
            serialization.Encoding.X962,
            serialization.PublicFormat.UncompressedPoint,
        )
        return {"p256dh": text(point), "auth": text(self.auth)}

    def read(self, body: bytes) -> dict:
        plain = http_ece.decrypt(
            body, private_key=self.key, auth_secret=self.auth, version="aes128gcm"
        )
        return json.loads(plain)


def text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


class PushService:
    """A push service of the test's own: answers as it is told, keeps what came."""

    def __init__(self) -> None:
        self.status, self.headers = 201, {}
        self.came: list[tuple[str, dict[str, str], bytes]] = []
        service = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                length = int(self.headers["Content-Length"] or 0)
                headers = {name.lower(): value for name, value in self.headers.items()}
                service.came.append((self.path, headers, self.rfile.read(length)))
                self.send_response(service.status)
                for name, value in service.headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", "0")
                self.end_headers()

            do_GET = do_POST

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


def subscribe(patient, service, path="/a", browser=None):
    browser = browser or Browser()
    PushSubscription.objects.create(
        user=patient.user, endpoint=service.url + path, **browser.keys()
    )
    return browser
