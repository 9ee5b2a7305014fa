"""TLS: the certificate must be the feed's host's, though the connection goes to an address."""

import ssl
from collections.abc import Iterator
from pathlib import Path

import pytest
import trustme

from tests.support.feeds.server import FeedServer, Page, serving
from workers.feeds.exchange import FetchFailed, Request
from workers.feeds.fetch import Response, fetch


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    """Signs certificates of the tests; nobody else trusts it."""
    return trustme.CA()


@pytest.fixture(scope="module")
def certificate(authority: trustme.CA, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The authority's own certificate, for those that are to trust it."""
    file = tmp_path_factory.mktemp("tls") / "authority.pem"
    authority.cert_pem.write_to_path(str(file))
    return file


@pytest.fixture
def server(authority: trustme.CA) -> Iterator[FeedServer]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("feeds.example").configure_cert(context)
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
    with pytest.raises(FetchFailed, match="certificate verify failed"):
        asked(server, "feeds.example")
    assert server.asked == []
