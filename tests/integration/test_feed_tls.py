"""TLS: the certificate must be the feed's host's, though the connection goes to an address."""

import shutil
import ssl
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.feed_server import FeedServer, Page, serving
from workers.feeds.exchange import FetchFailed, Request
from workers.feeds.fetch import Response, fetch

pytestmark = pytest.mark.skipif(
    shutil.which("openssl") is None, reason="a certificate is made by openssl"
)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A key and certificate of feeds.example, signed by itself, in one file."""
    folder = tmp_path_factory.mktemp("tls")
    key, file = folder / "key.pem", folder / "both.pem"
    words = (
        "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 "
        "-subj /CN=feeds.example -addext subjectAltName=DNS:feeds.example -out -"
    )
    made = subprocess.run([*words.split(), "-keyout", str(key)], check=True, capture_output=True)
    file.write_bytes(key.read_bytes() + made.stdout)
    return file


@pytest.fixture
def server(certificate: Path) -> Iterator[FeedServer]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    with serving(context) as running:
        running.pages["/feed"] = Page(b"here")
        yield running


def asked(server: FeedServer, host: str) -> Response:
    request = Request(f"https://{host}:{server.port}/feed", allow_private=True)
    return fetch(request, lambda _host, _port: ["127.0.0.1"])


def test_a_trusted_certificate_of_the_host_is_taken(
    server: FeedServer, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))

    assert asked(server, "feeds.example").body == b"here"


def test_a_trusted_certificate_of_another_host_is_refused(
    server: FeedServer, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))

    with pytest.raises(
        FetchFailed, match=r"other\.example does not answer: .*[Hh]ostname mismatch"
    ):
        asked(server, "other.example")
    assert server.asked == []


def test_a_certificate_that_no_one_vouches_for_is_refused(server: FeedServer) -> None:
    with pytest.raises(FetchFailed, match=r"self.signed certificate"):
        asked(server, "feeds.example")
    assert server.asked == []
