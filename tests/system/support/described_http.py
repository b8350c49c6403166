# SPDX-License-Identifier: MIT
"""HTTP answers, checked against docs/openapi.yaml when the test has ended."""

import functools
import http.client
import json
import re
from urllib.parse import unquote

from .conversation import notices
from .description import later, openapi
from .lines import in_line

# An upgrade's answer ends HTTP, and has few of the headers of all.
OF_AN_UPGRADE = ("server", "connection")


def path_item(path):
    """What is described at a path, exactly so or with parameters."""
    for template, item in openapi().root["paths"].items():
        parts, given = template.split("/"), path.split("/")
        if len(parts) == len(given) and all(
                fits_segment(part, unquote(text), item)
                for part, text in zip(parts, given)):
            return item
    return None


def fits_segment(part, text, item):
    if not part.startswith("{"):
        return part == text
    pattern = next((one["schema"].get("pattern", "") for one
                    in item["parameters"] if part == f"{{{one['name']}}}"))
    return part != "{file}" or re.search(pattern, text) is not None


def responses(method, path):
    """The described responses by their status, as texts."""
    of_all = openapi().root["x-responses-of-all"]
    found = dict(of_all["any"])
    if not path.startswith("/health/"):
        found |= of_all["other-port"]
    if any(path == one or path.startswith(one + "/")
           for one in of_all["guarded"]):
        found |= of_all["guard"]
    item = path_item(path)
    if item is None:
        return found | of_all["other-path"]
    get = item.get("get", {"tags": [], "responses": {}})
    is_read = method == "HEAD" and get["tags"] != ["sockets"]
    operation = item.get("get" if is_read else method.lower())
    if operation is not None:
        return found | operation["responses"]
    nothing = {key: one for key, one in get["responses"].items()
               if key == "404"}
    return found | of_all["other-method"] | nothing


@functools.cache
def all_responses():
    """Every response of every operation, as (status, response)."""
    root = openapi().root
    groups = [value for value in root["x-responses-of-all"].values()
              if isinstance(value, dict)]
    groups += [operation["responses"] for item in root["paths"].values()
               for operation in item.values() if isinstance(operation, dict)]
    return [pair for group in groups for pair in group.items()]


def check(method, target, sent, status, headers, body):
    """One whole answer, and the body that was sent where it was taken."""
    what = f"the answer {status} to {method} {target}"
    path = target.split("?")[0]
    response = responses(method, path).get(str(status))
    if response is None:
        return openapi().complain(what, body[:99].decode("latin-1"), [])
    problems = (header_problems(status, headers, response)
                + body_problems(method, status, headers, body, response))
    if problems:
        openapi().complain(what, body.decode("utf-8", "replace"), problems)
    if 200 <= status < 300 and method == "POST":
        check_sent(path, sent)


def check_sent(path, sent):
    value = json.loads(sent)
    content = path_item(path)["post"]["requestBody"]["content"]
    problems = openapi().differences(
        content["application/json"]["schema"], value)
    if problems:
        openapi().complain(f"a body that {path} has taken", value, problems)


def take_notice(sent):
    """Remembers what is said to everyone."""
    try:
        said = json.loads(sent)["content"]
    except (ValueError, TypeError, KeyError):
        return
    notices.add(in_line(said if isinstance(said, str) else json.dumps(
        said, separators=(",", ":"), ensure_ascii=False)))


def check_head(head):
    """An answer's head alone, to a request that nobody knows."""
    first, *lines = head.decode("latin-1").split("\r\n")
    status = int(first.split()[1])
    if status == 100:
        return
    headers = [tuple(line.split(": ", 1)) for line in lines]
    described = [one for code, one in all_responses() if code == str(status)]
    results = [header_problems(status, headers, one) for one in described]
    if not results or all(results):
        openapi().complain(f"an answer {status}", head.decode("latin-1"),
                           min(results, key=len, default=[]))


def header_problems(status, headers, response):
    known = {name.lower(): one for name, one
             in openapi().root["x-headers-of-all"].items()
             if status != 101 or name.lower() in OF_AN_UPGRADE}
    known |= {name.lower(): one
              for name, one in response.get("headers", {}).items()}
    found, seen = [], set()
    for name, value in headers:
        name = name.lower()
        if name in seen:
            found.append(f"header {name} comes twice")
        seen.add(name)
        if name == "content-type":
            continue
        if name not in known:
            found.append(f"header {name} is not described")
            continue
        found += [f"header {name} {text}" for text
                  in openapi().differences(known[name]["schema"], value)]
    return found + [f"header {name} is missing" for name, one in known.items()
                    if one.get("required") and name not in seen]


def body_problems(method, status, headers, body, response):
    content = response.get("content", {})
    if not content or method == "HEAD":
        return ["it has a body"] if body else []
    type = dict((name.lower(), value) for name, value in headers).get(
        "content-type", "none").split(";")[0]
    if type not in content:
        return [f"content type {type} is not described"]
    if not type.endswith("json"):
        return [] if body else ["it has no body"]
    try:
        value = json.loads(body)
    except ValueError:
        return ["the body is not JSON"]
    found = openapi().differences(content[type]["schema"], value)
    if status >= 400 and value.get("status") != status:
        found.append("the problem has another status than the answer")
    return found


class Response(http.client.HTTPResponse):
    asked = None

    def read(self, amount=None):
        body = super().read(amount)
        if amount is None and self.asked:
            asked, self.asked = self.asked, None
            later(check, *asked, self.status, self.getheaders(), body)
        return body


class Connection(http.client.HTTPConnection):
    """Checks every answer once it was read."""

    response_class = Response

    def __init__(self, host, port, *, tls=None, **options):
        super().__init__(host, port, **options)
        self._tls = tls

    def connect(self):
        super().connect()
        if self._tls:
            self.sock = self._tls.wrap_socket(
                self.sock, server_hostname=self.host)

    def request(self, method, url, body=None, headers={}, **options):
        self._asked = method, url, body
        if url.endswith("/broadcast"):
            take_notice(body)
        super().request(method, url, body, headers, **options)

    def getresponse(self):
        response = super().getresponse()
        response.asked = self._asked
        return response
