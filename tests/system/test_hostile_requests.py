# SPDX-License-Identifier: MIT
"""Requests that try to get at what is not theirs: by the path, by another
origin, by a header, or by what stands behind a request."""

import pytest

from support.raw_client import RawSocket, exchange, upgrade_request

TOKEN = "open-sesame-and-let-me-in"

# Names of a guarded page by which it may be missed. `?` and `#` end a path.
ALIASES = [
    "/admin/stats", "/admin/stats?x=/health/live", "/%61dmin/stats",
    "/admin/%73tats", "/%61%64%6d%69%6e/stats", "/admin%2fstats",
    "/admin/stats/", "/admin//stats", "//admin/stats", "/./admin/stats",
    "/health/../admin/stats", "/web/../admin/stats", "/web/..%2fadmin/stats",
    "/%2e%2e/admin/stats", "/;/admin/stats", "/admin;x/stats",
    "/admin/stats;x", "/ADMIN/stats", "/Admin/Stats", "/admin/stats%00",
    "/admin%00/stats", "/admin/stats%20", "/%20admin/stats", "/admin\\stats",
    "\\admin\\stats", "/admin/./stats", "/health/live/../../admin/stats",
    "http://localhost/admin/stats", "HTTP://LOCALHOST/admin/stats",
    "http://localhost//admin/stats", "http://localhost\\admin/stats",
    "https://localhost/%61dmin/stats", "http://x@localhost/admin/stats",
    "/debug/actors", "/admin/rooms/%2e%2e", "/api/v1/publish"]

FILES = [
    "/web/../../../etc/passwd", "/web/%2e%2e/%2e%2e/etc/passwd",
    "/web/..%2f..%2f..%2fetc%2fpasswd", "/web/....//....//etc/passwd",
    "/web/%252e%252e/etc/passwd", "/web//etc/passwd", "/web/", "/web",
    "/parlor/../deploy/parlor.ini", "/parlor/%2e%2e/CMakeLists.txt",
    "/..", "/../", "/../../etc/passwd", "//etc/passwd", "/etc/passwd",
    "/web/..\\..\\etc\\passwd", "/web/\\etc\\passwd", "/web/chat.js%00.svg",
    "/web/chat.js/", "/web/chat.js/..", "/.git/config", "/.env",
    "/proc/self/environ", "file:///etc/passwd", "/%c0%ae%c0%ae/etc/passwd"]


def status_of(server, target, method="GET", host=None, headers=()):
    lines = [f"{method} {target} HTTP/1.1",
             f"Host: {host or f'127.0.0.1:{server.port}'}", *headers]
    return exchange(server, "\r\n".join(lines) + "\r\n\r\n")


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "DELETE"])
def test_no_alias_of_a_page_is_unguarded(start_server, tmp_path, method):
    file = tmp_path / "token"
    file.write_text(TOKEN)
    file.chmod(0o600)
    service = start_server(f"admin.token-file={file}")
    bearer = [f"Authorization: Bearer {TOKEN}"]
    for target in ALIASES:
        assert status_of(service, target, method) in (400, 401, 404), target
    assert status_of(service, "/%61dmin/stats") == 401
    assert status_of(service, "/%61dmin/stats", headers=bearer) == 200
    assert status_of(service, "http://x/admin/stats", headers=bearer) == 200


@pytest.mark.parametrize("target", FILES)
def test_no_path_leads_to_a_file(server, target):
    assert status_of(server, target) in (400, 404)


def test_pages_are_asked_for_by_their_names(server):
    assert status_of(server, "/web/chat.js") == 200
    assert status_of(server, "http://any.example/web/chat.js") == 200


def foreign_origins(own, host, port):
    return [
        "null", "", " ", "*", host, f"{host}:{port}", f"//{host}:{port}",
        f"http://{host}", f"http://{host}:{port}1", f"http://{host}:0{port}",
        f"http://{host}:{port}.evil.example", f"http://{host}:{port}@evil",
        f"http://evil@{host}:{port}", f"http://evil.example/{own}",
        f"http://evil.example?{own}", f"http://evil.example#{own}",
        f"{own}/", f"{own}/x", f"{own}?x", f"{own}#x", f"{own},{own}",
        f"{own} {own}", f"{own} https://evil.example", f"{own}\t.evil",
        f"http://evil{host}:{port}", f"http://evil.{host}:{port}",
        f"http://{host}.:{port}", f"ftp://{host}:{port}",
        f"file://{host}:{port}", f"http:{host}:{port}",
        f"http:/{host}:{port}", f"http:///{host}:{port}"]


def judged(service, origin):
    return exchange(service, upgrade_request(
        "/ws/ann", Host=f"127.0.0.1:{service.port}", Origin=origin))


def test_an_origin_that_looks_like_ours_is_foreign(server):
    own = f"http://127.0.0.1:{server.port}"
    assert judged(server, own) == 101
    for origin in foreign_origins(own, "127.0.0.1", server.port):
        assert judged(server, origin) == 403, origin
    assert judged(server, [own, own]) == 403


def test_an_origin_that_looks_like_a_listed_one_is_foreign(start_server):
    listed = "http://app.example:8443"
    service = start_server(f"origins.allow={listed}")
    assert judged(service, listed) == 101
    for origin in [*foreign_origins(listed, "app.example", 8443),
                   f"http://127.0.0.1:{service.port}", listed.upper()]:
        assert judged(service, origin) == 403, origin


def test_the_host_of_an_absolute_target_is_what_an_origin_is_compared_with(
        server):
    for origin, status in (("http://localhost", 101),
                           (f"http://127.0.0.1:{server.port}", 403)):
        assert exchange(server, upgrade_request(
            "http://localhost/ws/ann", Origin=origin,
            Host=f"127.0.0.1:{server.port}")) == status


@pytest.mark.parametrize("path", ["/ws", "/ws/ann", "/chat/ann"])
def test_a_page_of_a_rebound_name_is_foreign(server, path):
    host = f"evil.example:{server.port}"
    page = {"Host": host, "Origin": f"http://{host}"}
    assert exchange(server, upgrade_request(path, **page)) == 403
    # A proxy of that name on this machine says that it is one.
    assert exchange(server, upgrade_request(
        path, **page, X_Forwarded_For="192.0.2.1")) == 101


def test_a_name_that_is_listed_is_not_rebound(start_server):
    service = start_server("origins.allow=http://evil.example")
    assert exchange(service, upgrade_request(
        "/ws/ann", Host="evil.example", Origin="http://evil.example")) == 101


@pytest.mark.parametrize("headers", [
    ["Content-Length: 5", "Transfer-Encoding: chunked"],
    ["Transfer-Encoding: chunked", "Content-Length: 5"],
    ["Content-Length: 5", "Content-Length: 6"], ["Content-Length: +5"],
    ["Content-Length: -5"], ["Content-Length: 5, 6"], ["Content-Length: 0x5"],
    ["Content-Length: 99999999999999999999"], ["Content-Length : 5"],
    ["Transfer-Encoding: xchunked"], ["Transfer-Encoding: chunked, gzip"],
    ["Transfer-Encoding: chunked", "Transfer-Encoding: identity"],
    ["Transfer-Encoding:\x0bchunked"],
    ["X: a\rb"], ["X: a\x00b"], ["X y"], [": y"]],
    ids=lambda headers: ", ".join(headers))
def test_nothing_is_smuggled_behind_an_unsure_body(server, headers):
    hidden = f"GET /health/live HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\n\r\n"
    request = (f"POST /api/v1/send HTTP/1.1\r\nHost: 127.0.0.1:{server.port}"
               "\r\nContent-Type: application/json\r\n"
               + "\r\n".join(headers) + "\r\n\r\n0\r\n\r\n" + hidden)
    with RawSocket(server) as peer:
        peer.send(request.encode("latin-1"))
        assert peer.read_head() in (400, 413, 501)
        assert b"HTTP/1.1 200" not in peer.rest()


@pytest.mark.parametrize("fields, status", [(99, 101), (100, 431)])
def test_a_header_has_so_many_fields_and_no_more(server, fields, status):
    usual = upgrade_request("/ws/ann").count("\r\n") - 2
    assert exchange(server, upgrade_request(
        "/ws/ann", X=["y"] * (fields + 1 - usual))) == status


def test_empty_lines_before_a_request_are_ignored(server):
    request = upgrade_request("/ws/ann")
    assert exchange(server, "\r\n\r\n" + request) == 101
    with RawSocket(server) as peer:
        for byte in "\r\n" + request:
            peer.send(byte.encode())
        assert peer.read_head() == 101
