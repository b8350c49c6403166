# SPDX-License-Identifier: MIT
"""The servers of others, each the smallest room server that does Parlor's
work: how each is installed, started and spoken to."""

import json
import pathlib
import string
import subprocess
import sys
import urllib.parse

from .kinds import CONTENT, KINDS as OWN, Kind
from .machine import first_line

FILES = pathlib.Path(__file__).resolve().parents[1] / "peers"


def install(target):
    """What could not be installed fails later, with its reason."""
    # Tables alone go to stdout.
    if subprocess.run([str(FILES / "install"), str(target)],
                      stdout=sys.stderr).returncode:
        print("not all peers could be installed", file=sys.stderr)


def versions(target):
    """Name and version of what is installed."""
    found = []
    for package in sorted((target / "packages").glob("*.deb")):
        name, version, _ = package.stem.split("_")
        found.append(f"{name} {urllib.parse.unquote(version)}")
    for name in ("ws", "socket.io"):
        about = target / "node_modules" / name / "package.json"
        if about.is_file():
            version = json.loads(about.read_text(encoding="utf-8"))["version"]
            found.append(f"{name} {version}")
    found.append("Node " + first_line("node", "--version"))
    for package in ("python3-fastapi", "python3-uvicorn"):
        found.append(package + " " + first_line(
            "dpkg-query", "-W", "-f", "${Version}", package))
    return found


def configure(name, directory, **values):
    """A configuration with its values filled in; its path."""
    text = (FILES / name).read_text(encoding="utf-8")
    path = pathlib.Path(directory) / name
    path.write_text(string.Template(text).substitute(values),
                    encoding="utf-8")
    return str(path)


def nchan_command(programs, port, contender, directory):
    daemons = programs.peers / "daemons"
    config = configure("nchan.conf", directory, port=port,
                       modules=daemons / "usr/lib/nginx/modules")
    return [str(daemons / "usr/sbin/nginx"), "-p", directory, "-c", config,
            "-e", "stderr"]


def nats_command(programs, port, contender, directory):
    return [str(programs.peers / "daemons/usr/sbin/nats-server"), "-c",
            configure("nats.conf", directory, port=port)]


def node_command(script):
    def command(programs, port, contender, directory):
        return ["env", "NODE_ENV=production",
                f"NODE_PATH={programs.peers / 'node_modules'}",
                "node", str(FILES / script), str(port)]
    return command


def fastapi_command(programs, port, contender, directory):
    return ["/usr/bin/python3", "-B", "-m", "uvicorn", "fastapi_rooms:app",
            "--app-dir", str(FILES), "--host", "127.0.0.1",
            "--port", str(port), "--backlog", "4096", "--no-access-log",
            "--log-level", "warning", "--loop", "uvloop",
            "--http", "httptools", "--ws", "websockets",
            "--ws-per-message-deflate", "false"]


# What nchan and NATS pass through as it is, with what others fill in.
EVENT = '{"type":"msg","sender":"u{pid}",' + CONTENT + "}"
EVENT_SIZE = len(EVENT.replace("{pid}", "8 digits")
                 .replace("{content:100}", 100 * "x"))


def nats_message(subject):
    return f"PUB {subject} {EVENT_SIZE}\\r\\n{EVENT}\\r\\n"


def socketio_message(name, to):
    return f'42["{name}",{{{to},{CONTENT}}}]'


KINDS = {
    "nchan": Kind(
        nchan_command, "/room/r{room}", "", "",
        {"room": EVENT, "private": EVENT},
        private_path="/user/u{id}/u{peer}", workers=1),
    "nats": Kind(
        nats_command, "/",
        'CONNECT {"verbose":false,"pedantic":false}\\r\\n'
        "SUB room.{room} 1\\r\\nSUB user.{id} 2\\r\\nPING\\r\\n", "PONG",
        {"room": nats_message("room.{room}"),
         "private": nats_message("user.{peer}")},
        speech=("--binary", "--multi", "--text-reply",
                "PING\\r\\n=PONG\\r\\n"), status=1),
    "ws": Kind(node_command("ws.js"), OWN["limit"].path, OWN["limit"].join,
               OWN["limit"].ready, OWN["limit"].messages),
    "socket.io": Kind(
        node_command("socketio.js"),
        "/socket.io/?EIO=4&transport=websocket", "40", '"joined"',
        {"room": socketio_message("msg", '"room":"r{room}"'),
         "private": socketio_message("dm", '"to":"u{peer}"')},
        speech=("--on-prefix", '40=>42["join","r{room}","u{id}"]',
                "--text-reply", "2=3")),
    "fastapi": Kind(fastapi_command, OWN["limit"].path, OWN["limit"].join,
                    OWN["limit"].ready, OWN["limit"].messages),
}
