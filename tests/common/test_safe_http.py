"""The way out reaches what it may and nothing else: against real sockets and a lying resolver."""

from __future__ import annotations

import datetime as dt
import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from apps.common import safe_http
from apps.common.safe_http import AddressRefused, NoAnswer, call, checked

Talk = Callable[[socket.socket], None]
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


class Server:
    """Answers each connection with `talk`; `heard` are the bytes of each request's head."""

    def __init__(self, talk: Talk, tls: ssl.SSLContext | None = None) -> None:
        self.heard: list[bytes] = []
        self._talk, self._tls = talk, tls
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def _serve(self) -> None:
        while True:
            try:
                sock, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._one, args=(sock,), daemon=True).start()

    def _one(self, sock: socket.socket) -> None:
        try:
            with self._tls.wrap_socket(sock, server_side=True) if self._tls else sock as talking:
                talking.settimeout(5)
                self.heard.append(talking.recv(65536))
                self._talk(talking)
        except OSError:
            pass

    def close(self) -> None:
        self._listener.close()


@pytest.fixture
def serve(settings) -> Iterator[Callable[..., Server]]:
    """serve(talk) -> a server that is named in OUTBOUND_HOSTS."""
    servers: list[Server] = []

    def start(talk: Talk, *, named: bool = True, tls: ssl.SSLContext | None = None) -> Server:
        server = Server(talk, tls)
        servers.append(server)
        if named:
            settings.OUTBOUND_HOSTS = [
                f"127.0.0.1:{server.port}",
                f"feed.example.com:{server.port}",
            ]
        return server

    yield start
    for server in servers:
        server.close()


@pytest.fixture
def resolve(monkeypatch) -> Callable[..., list[str]]:
    """resolve(name=[[first answer], [second answer], …]): what a name stands for, look-up by
    look-up; the last answer stays. Returns the list of names looked up."""
    real = socket.getaddrinfo

    def install(**names: list[list[str]]) -> list[str]:
        asked: list[str] = []
        table = {name.replace("_", "."): answers for name, answers in names.items()}

        def lookup(host, port, *args, **kwargs):
            if host not in table:
                return real(host, port, *args, **kwargs)
            ips = table[host][min(asked.count(host), len(table[host]) - 1)]
            asked.append(host)
            return [
                (
                    socket.AF_INET6 if ":" in ip else socket.AF_INET,
                    socket.SOCK_STREAM,
                    6,
                    "",
                    (ip, port),
                )
                for ip in ips
            ]

        monkeypatch.setattr(socket, "getaddrinfo", lookup)
        return asked

    return install


def says(answer: bytes) -> Talk:
    return lambda sock: sock.sendall(answer)


@pytest.mark.parametrize(
    "url",
    [
        "https://0x7f000001/", "https://2130706433/", "https://0177.0.0.1/", "https://127.1/",
        "https://127.0.0.1/", "https://localhost/", "https://[::1]/", "https://[::ffff:127.0.0.1]/",
        "https://[::ffff:7f00:1]/", "https://0.0.0.0/", "https://[::]/", "https://10.0.0.1/",
        "https://172.16.0.1/", "https://192.168.1.1/", "https://169.254.169.254/latest/meta-data/",
        "https://100.64.0.1/", "https://[fe80::1]/", "https://[fe80::1%25lo]/", "https://[fd00::1]/",
        "https://224.0.0.1/", "https://[ff02::1]/", "https://240.0.0.1/", "https://255.255.255.255/",
        "https://[64:ff9b::7f00:1]/", "https://[2002:7f00:1::]/", "https://[::127.0.0.1]/",
        "https://192.0.2.1/", "https://198.18.0.1/", "https://[2001:db8::1]/", "https://[64:ff9b:1::1]/",
        "https://①②⑦.⓪.⓪.①/",
    ],
)  # fmt: skip
def test_no_spelling_of_a_private_address_is_called(url, monkeypatch):
    monkeypatch.setattr(socket.socket, "connect", lambda *args: pytest.fail("connected"))
    with pytest.raises((AddressRefused, NoAnswer)):
        call("GET", url)


@pytest.mark.parametrize(
    "url",
    [
        "http://example.com/", "https://example.com:8443/", "ftp://example.com/", "file:///etc/passwd",
        "gopher://example.com/", "//example.com/", "example.com", "", "https://", "https:///path",
        "https://user@example.com/", "https://user:pass@example.com/", "https://example.com@127.0.0.1/",
        "https://127.0.0.1\\@example.com/", "https://exa mple.com/", "https://example.com/\r\nX: y",
        "https://example.com/\x00", "https://example.com:99999/", "https://example.com:x/",
        "https://[example.com/", "https://example.com:0443@x/", "https://:@example.com/",
        "https://@example.com/",
    ],
)  # fmt: skip
def test_what_is_no_plain_web_address_is_refused_before_any_look_up(url, monkeypatch):
    monkeypatch.setattr(socket, "getaddrinfo", lambda *args, **kwargs: pytest.fail("looked up"))
    with pytest.raises(AddressRefused):
        checked(url)


def test_one_private_address_among_public_ones_is_enough_to_refuse(resolve):
    resolve(mixed_example_com=[["93.184.216.34", "10.0.0.8"]])
    with pytest.raises(AddressRefused, match="private network"):
        call("GET", "https://mixed.example.com/")


def test_a_name_that_changes_its_mind_leads_nowhere_else(resolve, monkeypatch):
    """The connection goes to the address that was checked; nobody asks for the name again."""
    asked = resolve(rebind_example_com=[["93.184.216.34"], ["127.0.0.1"]])
    gone_to = []

    def connect(self, address):
        gone_to.append(address)
        raise ConnectionRefusedError

    monkeypatch.setattr(socket.socket, "connect", connect)
    with pytest.raises(NoAnswer) as failed:
        call("GET", "https://rebind.example.com/")
    assert failed.value.was_sent is False
    assert asked == ["rebind.example.com"]
    assert [address[:2] for address in gone_to] == [("93.184.216.34", 443)]


def test_a_later_answer_of_the_resolver_that_is_private_is_refused_too(resolve):
    resolve(rebind_example_com=[["127.0.0.1"]])
    with pytest.raises(AddressRefused):
        call("GET", "https://rebind.example.com/")


def test_a_request_arrives_as_it_was_meant(serve, resolve):
    resolve(feed_example_com=[["127.0.0.1"]])
    server = serve(says(OK))
    answer = call(
        "POST",
        f"http://feed.example.com:{server.port}/a?x=1",
        params={"$filter": "City eq 'A & B'", "t": "2026-01-01T00:00:00+00:00"},
        headers={"Authorization": "Bearer abc"},
        json={"n": 1},
    )
    assert (answer.status, answer.body) == (200, b"ok")
    head = server.heard[0].decode()
    assert head.startswith(
        "POST /a?x=1&%24filter=City+eq+%27A+%26+B%27&t=2026-01-01T00%3A00%3A00%2B00%3A00 HTTP/1.1"
    )
    assert f"Host: feed.example.com:{server.port}\r\n" in head
    assert "Authorization: Bearer abc\r\n" in head
    assert "Content-Type: application/json\r\n" in head


def test_a_host_is_named_with_its_port(serve, settings):
    server = serve(says(OK), named=False)
    settings.OUTBOUND_HOSTS = [f"127.0.0.1:{server.port + 1}"]
    with pytest.raises(AddressRefused):
        call("GET", f"http://127.0.0.1:{server.port}/")
    assert server.heard == []


def test_a_redirect_is_an_answer_and_is_not_followed(serve):
    target = serve(says(OK), named=False)
    where = f"http://127.0.0.1:{target.port}/"
    answer = f"HTTP/1.1 302 Found\r\nLocation: {where}\r\nContent-Length: 0\r\n\r\n"
    server = serve(says(answer.encode()))
    assert call("GET", f"http://127.0.0.1:{server.port}/").status == 302
    assert target.heard == []


@pytest.mark.parametrize("status", [200, 401, 429, 500, 503])
def test_any_status_is_an_answer_and_nothing_is_repeated(serve, status):
    answer = f"HTTP/1.1 {status} X\r\nRetry-After: 7\r\nContent-Length: 0\r\n\r\n"
    server = serve(says(answer.encode()))
    found = call("GET", f"http://127.0.0.1:{server.port}/")
    assert (found.status, found.retry_after, len(server.heard)) == (status, 7.0, 1)


def test_a_declared_length_over_the_limit_is_not_read(serve):
    server = serve(says(b"HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n" + b"x" * 5000))
    with pytest.raises(NoAnswer, match="too large"):
        call("GET", f"http://127.0.0.1:{server.port}/", most_bytes=1000)


def test_an_endless_body_is_cut_off(serve):
    def pour(sock: socket.socket) -> None:
        sock.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        while True:
            sock.sendall(b"10000\r\n" + b"x" * 0x10000 + b"\r\n")

    server = serve(pour)
    with pytest.raises(NoAnswer, match="too large"):
        call("GET", f"http://127.0.0.1:{server.port}/", most_bytes=300_000)


def test_a_packed_body_counts_by_what_it_unpacks_to(serve):
    import gzip

    packed = gzip.compress(b"0" * 50_000_000)
    head = f"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: {len(packed)}\r\n\r\n"
    server = serve(says(head.encode() + packed))
    with pytest.raises(NoAnswer, match="too large"):
        call("GET", f"http://127.0.0.1:{server.port}/", most_bytes=1_000_000)


@contextmanager
def takes_less_than(seconds: float) -> Iterator[None]:
    began = time.monotonic()
    yield
    assert time.monotonic() - began < seconds


@pytest.mark.parametrize("where", ["head", "body"])
def test_a_server_that_drips_is_left_in_time(serve, monkeypatch, where):
    """Each byte comes well within the time for one read; all of them together do not."""
    monkeypatch.setattr(safe_http, "TOTAL_SECONDS", 0.5)
    full = threading.Event()

    def drip(sock: socket.socket) -> None:
        if where == "body":
            sock.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
        else:
            sock.sendall(b"HTTP/1.1 200 OK\r\nX-Slow: ")
        while not full.wait(0.05):
            sock.sendall(b"x")

    server = serve(drip)
    with takes_less_than(2.0), pytest.raises(NoAnswer):
        call("GET", f"http://127.0.0.1:{server.port}/")
    full.set()


def test_a_server_that_says_nothing_is_left_in_time(serve):
    full = threading.Event()
    server = serve(lambda sock: full.wait(5))
    with takes_less_than(2.0), pytest.raises(NoAnswer) as failed:
        call("GET", f"http://127.0.0.1:{server.port}/", read_seconds=0.3)
    full.set()
    assert failed.value.was_sent is True


def test_a_connection_that_breaks_off_may_have_been_heard(serve):
    server = serve(says(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhal"))
    with pytest.raises(NoAnswer) as failed:
        call("GET", f"http://127.0.0.1:{server.port}/")
    assert failed.value.was_sent is True


def test_a_closed_port_was_certainly_not_heard(serve):
    server = serve(says(OK))
    server.close()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    from django.conf import settings

    settings.OUTBOUND_HOSTS = [f"127.0.0.1:{port}"]
    with pytest.raises(NoAnswer) as failed:
        call("GET", f"http://127.0.0.1:{port}/")
    assert failed.value.was_sent is False


def test_what_is_no_http_at_all_is_no_answer(serve):
    server = serve(says(b"SSH-2.0-OpenSSH_9.9\r\n"))
    with pytest.raises(NoAnswer):
        call("GET", f"http://127.0.0.1:{server.port}/")


def certificate(tmp_path, name: str, *, days: int = 1) -> tuple[ssl.SSLContext, str]:
    """A server's TLS for `name`, and the path of the authority to trust."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    start = dt.datetime.now(dt.UTC) - dt.timedelta(days=3)
    built = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(start + dt.timedelta(days=3 + days))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem, key_pem = tmp_path / "cert.pem", tmp_path / "key.pem"
    pem.write_bytes(built.public_bytes(serialization.Encoding.PEM))
    key_pem.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem, key_pem)
    return context, str(pem)


@pytest.fixture
def trust(monkeypatch) -> Callable[[str], None]:
    """trust(path): the machine's authorities are those in a file."""

    def use(path: str) -> None:
        monkeypatch.setenv("SSL_CERT_FILE", path)

    return use


def test_the_certificate_of_the_name_is_taken(serve, resolve, trust, tmp_path):
    context, authority = certificate(tmp_path, "feed.example.com")
    trust(authority)
    resolve(feed_example_com=[["127.0.0.1"]])
    server = serve(says(OK), tls=context)
    assert call("GET", f"https://feed.example.com:{server.port}/").status == 200


@pytest.mark.parametrize("flaw", ["another name", "over", "unknown authority"])
def test_a_wrong_certificate_ends_the_call_before_anything_is_sent(
    serve, resolve, trust, tmp_path, flaw
):
    name = "other.example.com" if flaw == "another name" else "feed.example.com"
    context, authority = certificate(tmp_path, name, days=-1 if flaw == "over" else 1)
    if flaw != "unknown authority":
        trust(authority)
    resolve(feed_example_com=[["127.0.0.1"]])
    server = serve(says(OK), tls=context)
    with pytest.raises(NoAnswer, match="certificate") as failed:
        call("GET", f"https://feed.example.com:{server.port}/", headers={"X-Api-Key": "secret"})
    assert failed.value.was_sent is False
    assert not any(b"secret" in heard for heard in server.heard)


def test_proxies_of_the_environment_are_not_asked(serve, monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    server = serve(says(OK))
    assert call("GET", f"http://127.0.0.1:{server.port}/").status == 200


def test_every_public_address_family_can_be_called():
    assert safe_http._is_public("93.184.216.34")
    assert safe_http._is_public("2606:2800:220:1::1")
    assert not safe_http._is_public(str(ipaddress.ip_address("::ffff:10.0.0.1")))


@pytest.mark.parametrize("key", ["k\r\nX-Admin: yes", "k\n", "k\x00", "schlüssel"])
def test_a_key_cannot_add_a_header(serve, key):
    server = serve(says(OK))
    with pytest.raises(AddressRefused, match="cannot be sent"):
        call("GET", f"http://127.0.0.1:{server.port}/", headers={"X-Api-Key": key})
    assert server.heard == []
