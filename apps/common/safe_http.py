"""The one way out: HTTP to addresses that people typed in, without reaching what they must not.

Every name is resolved here, every address it has is checked, and the connection goes to the checked
address, so that a name which answers differently a moment later leads nowhere else. No redirects,
bounded size and time. Certificates are checked against the name.
"""

from __future__ import annotations

import contextlib
import ipaddress
import json as jsonlib
import socket
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urlsplit

import urllib3
from django.conf import settings

MEGABYTE = 1024 * 1024
CONNECT_SECONDS = 5.0
READ_SECONDS = 20.0
TOTAL_SECONDS = 60.0


class AddressRefused(ValueError):
    """The address may not be called; the message is a sentence for the person who typed it."""


class NoAnswer(Exception):
    """No usable answer came. `was_sent` False: the request certainly did not reach the server."""

    def __init__(self, why: str, *, was_sent: bool) -> None:
        super().__init__(why)
        self.was_sent = was_sent


@dataclass(frozen=True, slots=True)
class Answer:
    """Any status; header names in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> Any:
        """Raises ValueError when the body is no JSON."""
        return jsonlib.loads(self.body)

    @property
    def retry_after(self) -> float | None:
        """Seconds the server asks us to wait, where it names a number."""
        text = self.headers.get("retry-after", "").strip()
        return float(text) if text.isascii() and text.isdigit() else None


def call(
    method: str,
    url: str,
    *,
    params: Mapping[str, str] | None = None,
    headers: Mapping[str, str] | None = None,
    json: Any = None,
    body: bytes | None = None,
    most_bytes: int = 20 * MEGABYTE,
    read_seconds: float = READ_SECONDS,
) -> Answer:
    """One request and its answer, whatever its status. Raises AddressRefused or NoAnswer.

    `params` are added to the address; `json` sets body and content type. Callers
    say `assert_no_action()` first: no request runs inside a transaction.
    """
    target = checked(url)
    query = "&".join(part for part in (target.query, urlencode(params or {})) if part)
    path = (target.path or "/") + (f"?{query}" if query else "")
    sent = {"Host": target.netloc, "User-Agent": "Dealwright", **(headers or {})}
    if json is not None:
        body = jsonlib.dumps(json).encode()
        sent.setdefault("Content-Type", "application/json")
    if not all(map(_can_be_sent, sent.values())):
        raise AddressRefused("A key or header holds letters that cannot be sent.")
    cutoff = _Cutoff(TOTAL_SECONDS)
    pool = _pool(target, read_seconds, cutoff)
    try:
        response = pool.urlopen(
            method, path, body=body, headers=sent, redirect=False, retries=False,
            preload_content=False, decode_content=True,
        )  # fmt: skip
        content = _read(response, most_bytes)
        if cutoff.is_over:
            # What was cut off in its head can look like a whole answer without a body.
            raise NoAnswer("The answer took too long.", was_sent=True)
    except (urllib3.exceptions.NewConnectionError, urllib3.exceptions.ConnectTimeoutError) as error:
        raise NoAnswer(f"{target.host} cannot be reached.", was_sent=False) from error
    except urllib3.exceptions.SSLError as error:
        raise NoAnswer(f"The certificate of {target.host} is not valid.", was_sent=False) from error
    except (urllib3.exceptions.HTTPError, OSError) as error:
        raise NoAnswer(f"{target.host} did not answer in full.", was_sent=True) from error
    finally:
        cutoff.end()
        pool.close()
    plain = {name.lower(): value for name, value in response.headers.items()}
    return Answer(response.status, plain, content)


@dataclass(frozen=True, slots=True)
class Target:
    """A checked address: `ip` is where the connection goes."""

    scheme: str
    host: str
    port: int
    netloc: str
    path: str
    query: str
    ip: str


def checked(url: str) -> Target:
    """Resolve and check an address. Raises AddressRefused, or NoAnswer for an unknown name.

    `OUTBOUND_HOSTS` (settings) names host:port pairs that may be called whatever their address and
    without TLS: a gateway on the own network, or a test's server.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise AddressRefused("This is no web address.") from error
    host = (parts.hostname or "").rstrip(".")
    port = port or (443 if parts.scheme == "https" else 80)
    is_named = f"{host}:{port}" in settings.OUTBOUND_HOSTS
    if not host or "@" in parts.netloc or "\\" in url or _has_control(url):
        raise AddressRefused("This is no web address we may call.")
    if not is_named and (parts.scheme != "https" or port != 443):
        raise AddressRefused("Addresses must begin with https:// and use the standard port.")
    ip = _resolve(host, port, is_named=is_named)
    netloc = f"[{host}]" if ":" in host else host
    netloc = netloc if port in (80, 443) else f"{netloc}:{port}"
    return Target(parts.scheme, host, port, netloc, parts.path, parts.query, ip)


def _has_control(url: str) -> bool:
    return any(letter <= " " or letter == "\x7f" for letter in url)


def _can_be_sent(value: str) -> bool:
    """As a header: no line break that would begin another one."""
    return value.isascii() and not any(letter < " " or letter == "\x7f" for letter in value)


def _resolve(host: str, port: int, *, is_named: bool) -> str:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise NoAnswer(f"{host[:100]} is not a known name.", was_sent=False) from error
    ips = [str(entry[4][0]).partition("%")[0] for entry in found]
    if not is_named and not all(map(_is_public, ips)):
        raise AddressRefused(f"{host[:100]} leads into a private network.")
    return ips[0]


def _is_public(ip: str) -> bool:
    address = ipaddress.ip_address(ip)
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour or (address.teredo or (None, None))[1]
        if inner is not None:
            return _is_public(str(inner))
        # 64:ff9b::/96 carries an IPv4 address through NAT64.
        if address in ipaddress.ip_network("64:ff9b::/96"):
            return _is_public(str(ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)))
        # All else that is routed lies here; beside it are mapped and translated forms of IPv4.
        if address not in ipaddress.ip_network("2000::/3"):
            return False
    return address.is_global and not address.is_multicast


class _Cutoff:
    """Ends a connection when its time is over, whatever it waits for just then.

    The time limits of a socket begin anew with each byte, so one that drips could hold us for ever.
    """

    def __init__(self, seconds: float) -> None:
        self.is_over = False
        self._held: socket.socket | None = None
        self._lock = threading.Lock()
        self._timer = threading.Timer(seconds, self._cut)
        self._timer.daemon = True
        self._timer.start()

    def hold(self, sock: socket.socket) -> None:
        # A copy: TLS takes the socket over, and during its handshake nothing else leads to it.
        with self._lock:
            self._held = sock.dup()
        if self.is_over:
            self._cut()

    def end(self) -> None:
        self._timer.cancel()
        with self._lock:
            if self._held is not None:
                self._held.close()
                self._held = None

    def _cut(self) -> None:
        self.is_over = True
        with self._lock:
            if self._held is not None:
                with contextlib.suppress(OSError):
                    self._held.shutdown(socket.SHUT_RDWR)


def _pool(target: Target, read_seconds: float, cutoff: _Cutoff) -> urllib3.HTTPConnectionPool:
    timeout = urllib3.Timeout(connect=CONNECT_SECONDS, read=read_seconds)
    if target.scheme == "http":
        pool = urllib3.HTTPConnectionPool(target.ip, target.port, timeout=timeout)
    else:
        pool = urllib3.HTTPSConnectionPool(
            target.ip,
            target.port,
            timeout=timeout,
            server_hostname=target.host,
            assert_hostname=target.host,
        )

    class Watched(pool.ConnectionCls):  # type: ignore[name-defined]
        def _new_conn(self) -> socket.socket:
            sock: socket.socket = super()._new_conn()
            cutoff.hold(sock)
            return sock

    pool.ConnectionCls = Watched
    return pool


def _read(response: urllib3.BaseHTTPResponse, most_bytes: int) -> bytes:
    content = bytearray()
    for piece in response.stream(64 * 1024):
        content += piece
        if len(content) > most_bytes:
            raise NoAnswer("The answer is too large.", was_sent=True)
    return bytes(content)
