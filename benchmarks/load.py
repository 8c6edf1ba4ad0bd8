"""A small load: some connections, some seconds, this machine only."""

import socket
import statistics
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass
class Burst:
    """What came back within one burst."""

    seconds: float
    times: list[float] = field(default_factory=list)
    failures: int = 0

    @property
    def rate(self) -> float:
        return len(self.times) / self.seconds

    def percentile(self, share: float) -> float:
        ordered = sorted(self.times)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))] * 1000


def burst(
    port: int,
    request: Callable[[int], bytes],
    *,
    first: int,
    seconds: float,
    clients: int = 8,
) -> Burst:
    """Send `request(n)`, n counting up from `first`, from several clients at once."""
    result = Burst(seconds)
    lock = threading.Lock()
    number = [first]
    until = time.perf_counter() + seconds

    def client() -> None:
        times, failures = [], 0
        while time.perf_counter() < until:
            with lock:
                number[0] += 1
                mine = number[0]
            started = time.perf_counter()
            answer = exchange(port, request(mine))
            times.append(time.perf_counter() - started)
            failures += not answer.startswith((b"HTTP/1.1 200", b"HTTP/1.1 201"))
        with lock:
            result.times += times
            result.failures += failures

    threads = [threading.Thread(target=client) for _ in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return result


def exchange(port: int, request: bytes) -> bytes:
    """One request on a connection of its own, as a phone makes it."""
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        connection.sendall(request)
        parts = []
        while part := connection.recv(65536):
            parts.append(part)
    return b"".join(parts)


def http(method: str, path: str, body: bytes = b"", token: str = "") -> bytes:
    head = f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n"
    if token:
        head += f"Authorization: {token}\r\n"
    if body:
        head += f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n"
    return head.encode() + b"\r\n" + body


def median(values: list[float]) -> float:
    return statistics.median(values)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
