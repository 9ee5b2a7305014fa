"""Fetching from a real server: conditions, limits, redirects, and addresses that are refused."""

import gzip
import socket
import time
from collections.abc import Sequence
from threading import Event, Thread

import pytest

from tests.support.feeds.server import FeedServer, Page
from workers.feeds.exchange import CONNECT_S, READ_S, FetchFailed, Request
from workers.feeds.fetch import fetch, origin_of


def local(server: FeedServer, path: str, **changes: object) -> Request:
    return Request(server.url(path), allow_private=True, **changes)  # type: ignore[arg-type]


def test_a_document_comes_with_what_to_ask_for_next_time(server: FeedServer) -> None:
    headers = {"Last-Modified": "Sun, 22 Nov 2026 09:00:00 GMT", "Content-Type": "text/xml"}
    server.pages["/feed"] = Page(b"<rss/>", headers=headers, etag='"v1"')

    first = fetch(local(server, "/feed"))
    again = fetch(local(server, "/feed", etag=first.etag, last_modified=first.last_modified))

    assert (first.status, first.body, first.content_type) == (200, b"<rss/>", "text/xml")
    assert (again.status, again.body) == (304, b"")
    assert server.asked[1][1]["if-none-match"] == '"v1"'
    assert server.asked[1][1]["if-modified-since"] == "Sun, 22 Nov 2026 09:00:00 GMT"


def test_private_addresses_are_refused_before_anything_is_sent(server: FeedServer) -> None:
    for host in ("127.0.0.1", "localhost", "127.1"):
        with pytest.raises(FetchFailed, match="expected a public address"):
            fetch(Request(server.url("/feed", host)))

    assert server.asked == []


def test_a_name_is_looked_up_once_and_the_judged_address_is_asked_under_it(
    server: FeedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """DNS rebinding: a second look-up could answer an address that nobody judged."""
    server.pages["/feed"] = Page(b"here")
    connected = socket.getaddrinfo

    def numbers_only(host: str, *rest: object, **named: object) -> object:
        assert host == "127.0.0.1", f"{host} was looked up again"
        return connected(host, *rest, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(socket, "getaddrinfo", numbers_only)
    request = Request(server.url("/feed", "feeds.example"), allow_private=True)

    answers = iter([["127.0.0.1"]])

    assert fetch(request, lambda _host, _port: next(answers)).body == b"here"
    assert server.asked[0][1]["host"] == f"feeds.example:{server.port}"


@pytest.mark.parametrize(("scheme", "port"), [("http", 80), ("https", 443)])
def test_each_scheme_has_its_port(scheme: str, port: int) -> None:
    asked: list[tuple[str, int]] = []

    def nobody(host: str, at: int) -> Sequence[str]:
        asked.append((host, at))
        return ["10.0.0.1"]

    with pytest.raises(FetchFailed, match="expected a public address"):
        fetch(Request(f"{scheme}://feeds.example/"), nobody)

    assert asked == [("feeds.example", port)]


def test_the_next_address_is_tried_when_one_does_not_answer(server: FeedServer) -> None:
    server.pages["/feed"] = Page(b"here")
    nobody = "127.0.0.3"  # the server listens at 127.0.0.1 alone
    request = Request(server.url("/feed", "two.example"), allow_private=True)

    assert fetch(request, lambda _host, _port: [nobody, "127.0.0.1"]).body == b"here"


def test_redirects_are_followed_and_each_is_judged(server: FeedServer) -> None:
    def public_once(host: str, _port: int) -> Sequence[str]:
        return {"feeds.example": ["93.184.215.14"], "inner.example": ["10.0.0.1"]}[host]

    server.pages["/old"] = Page(status=301, headers={"Location": "/new"})
    server.pages["/new"] = Page(b"moved")
    server.pages["/inner"] = Page(status=302, headers={"Location": "http://inner.example/"})

    assert fetch(local(server, "/old")).body == b"moved"
    with pytest.raises(FetchFailed, match="not found"):
        fetch(local(server, "/inner"))
    with pytest.raises(FetchFailed, match=r"10\.0\.0\.1, expected a public"):
        fetch(Request("http://inner.example/"), public_once)


def test_a_redirect_from_a_public_host_to_a_private_one_is_refused(
    server: FeedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first hop is let through by pretending that this one loopback address is public."""
    server.pages["/feed"] = Page(
        status=302, headers={"Location": server.url("/secret", "127.0.0.2")}
    )
    server.pages["/secret"] = Page(b"secret")
    monkeypatch.setattr(
        "workers.feeds.addresses.is_public", lambda address: str(address) == "127.0.0.1"
    )

    with pytest.raises(FetchFailed, match=r"127\.0\.0\.2, expected a public"):
        fetch(Request(server.url("/feed")))

    assert [path for path, _ in server.asked] == ["/feed"]


@pytest.mark.parametrize(
    ("location", "says"),
    [
        ("/loop", "more than 5 redirects"),
        ("file:///etc/passwd", "expected http"),
        ("ftp://127.0.0.1/", "expected http"),
        ("", "without Location"),
    ],
)
def test_redirects_that_lead_nowhere_end(server: FeedServer, location: str, says: str) -> None:
    server.pages["/loop"] = Page(status=302, headers={"Location": location})

    with pytest.raises(FetchFailed, match=says):
        fetch(local(server, "/loop"))

    assert len(server.asked) <= 6


def test_a_password_goes_to_its_own_host_only_and_into_no_message(server: FeedServer) -> None:
    server.pages["/feed"] = Page(
        status=302, headers={"Location": server.url("/elsewhere", "localhost")}
    )
    url = server.url("/feed", "wire:secret@127.0.0.1")

    with pytest.raises(FetchFailed, match="answer 404") as caught:
        fetch(Request(url, allow_private=True))

    assert server.asked[0][1]["authorization"] == "Basic d2lyZTpzZWNyZXQ="
    assert "authorization" not in server.asked[1][1]
    assert "secret" not in str(caught.value)
    assert origin_of(url) == server.url("/feed")


def test_a_document_over_the_limit_is_refused_whatever_it_says_of_itself(
    server: FeedServer,
) -> None:
    server.pages["/large"] = Page(b"x" * 5_000)
    server.pages["/packed"] = Page(
        gzip.compress(b"x" * 5_000_000), headers={"Content-Encoding": "gzip"}
    )
    server.pages["/fits"] = Page(b"x" * 1_000)

    with pytest.raises(FetchFailed, match="document of 5000 bytes, expected at most 1000"):
        fetch(local(server, "/large", most_bytes=1_000))
    with pytest.raises(FetchFailed, match="document over 10000 bytes"):
        fetch(local(server, "/packed", most_bytes=10_000))
    assert len(fetch(local(server, "/fits", most_bytes=1_000)).body) == 1_000


def test_a_packed_document_is_unpacked(server: FeedServer) -> None:
    server.pages["/packed"] = Page(gzip.compress(b"<rss/>"), headers={"Content-Encoding": "gzip"})

    assert fetch(local(server, "/packed")).body == b"<rss/>"


def test_a_document_that_breaks_off_is_none(server: FeedServer) -> None:
    server.pages["/feed"] = Page(b"<rss>", length=500)

    with pytest.raises(FetchFailed, match="broke off after 5 bytes"):
        fetch(local(server, "/feed"))


@pytest.mark.parametrize("sent", [b"HTTP/1.1 200 O", b"HTTP/1.1 200 OK\r\n\r\n<rss>"])
def test_a_server_that_never_ends_is_left_in_time(
    sent: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It sends a beginning and then holds the line, until the client hangs up."""
    monkeypatch.setattr("workers.feeds.fetch.WHOLE_S", 0.2)
    hung_up = Event()

    def hold() -> None:
        connection, _ = listening.accept()
        with connection:
            connection.recv(65_536)
            connection.sendall(sent)
            connection.recv(1)
            hung_up.set()

    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = Thread(target=hold)
        thread.start()
        url = f"http://127.0.0.1:{listening.getsockname()[1]}/"

        started = time.monotonic()
        with pytest.raises(FetchFailed, match="not complete in time"):
            fetch(Request(url, allow_private=True))
        assert time.monotonic() - started < CONNECT_S < READ_S

        thread.join(10)
    assert hung_up.is_set()


@pytest.mark.parametrize(
    ("asked", "expected"), [("120", 120.0), ("", 0.0), ("soon", 0.0), ("-5", 0.0)]
)
def test_other_answers_fail_with_the_pause_that_was_asked_for(
    server: FeedServer, asked: str, expected: float
) -> None:
    server.pages["/feed"] = Page(status=503, headers={"Retry-After": asked})

    with pytest.raises(FetchFailed, match="answer 503") as caught:
        fetch(local(server, "/feed"))

    assert caught.value.retry_after_s == expected


def test_a_pause_until_a_date_is_understood(server: FeedServer) -> None:
    headers = {"Retry-After": "Sun, 01 Jan 2090 00:00:00 GMT"}
    server.pages["/feed"] = Page(status=429, headers=headers)

    with pytest.raises(FetchFailed) as caught:
        fetch(local(server, "/feed"))

    assert caught.value.retry_after_s > 86_400


def test_no_server_and_no_host_are_failures() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    with pytest.raises(FetchFailed, match="does not answer"):
        fetch(Request(f"http://127.0.0.1:{port}/", allow_private=True))
    for url in ("http:///feed", "feed", "http://[::1", f"http://{'a' * 70}.example/"):
        with pytest.raises(FetchFailed):
            fetch(Request(url))
