#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The layering test must be able to fail: each rule, broken on purpose."""

import pathlib
import tempfile
import unittest

from layering import violations

SPDX = "// SPDX-License-Identifier: MIT\n"
GOOD = {
    "telemetry/log.hpp": SPDX + "#pragma once\n#include <string>\n",
    "messages/ids.hpp": SPDX + "#pragma once\n",
    "messages/wire/json.cpp": SPDX + "#include <nlohmann/json.hpp>\n",
    "actors/room.hpp": SPDX + '#pragma once\n#include "messages/ids.hpp"\n',
    "actors/room.cpp": SPDX + '#include "actors/room.hpp"\n'
                              '#include "telemetry/log.hpp"\n'
                              "// no std::mutex here\n"
                              'auto text = "std::mutex";\n',
    "messages/table.hpp": SPDX + "#pragma once\n"
                          "std::unordered_map<std::string, int,\n"
                          "  keyed_hash> x;\n"
                          "std::unordered_map<room_name, int> y;\n",
    "tls/context.hpp": SPDX + "#pragma once\n",
    "transport/ws.hpp": SPDX + "#pragma once\n#include <boost/beast/core.hpp>\n"
                               '#include "messages/ids.hpp"\n'
                               '#include "tls/context.hpp"\n',
    "cluster/etcd/api.hpp": SPDX + "#pragma once\n"
                            "#include <nlohmann/json.hpp>\n",
    "cluster/links/x.cpp": SPDX + "#include <caf/io/middleman.hpp>\n"
                           '#include "messages/ids.hpp"\n',
    "app/main.cpp": SPDX + '#include "actors/room.hpp"\n'
                           '#include "transport/ws.hpp"\n',
    "inspection/watch.cpp": SPDX + '#include "actors/room.hpp"\n'
                                   '#include "transport/ws.hpp"\n',
    "tests/room.cpp": SPDX + '#include "actors/room.hpp"\n'
                             "#include <nlohmann/json.hpp>\n",
}

BAD = {
    "messages include telemetry":
        ("messages/x.cpp", '#include "telemetry/log.hpp"\n'),
    "messages include actors":
        ("messages/x.cpp", '#include "actors/room.hpp"\n'),
    "actors include tls":
        ("actors/x.cpp", '#include "tls/context.hpp"\n'),
    "tls includes telemetry":
        ("tls/x.cpp", '#include "telemetry/log.hpp"\n'),
    "telemetry includes messages":
        ("telemetry/x.cpp", '#include "messages/ids.hpp"\n'),
    "actors include transport":
        ("actors/x.cpp", '#include "transport/ws.hpp"\n'),
    "transport includes actors":
        ("transport/x.cpp", '#include "actors/room.hpp"\n'),
    "cluster includes actors":
        ("cluster/x.cpp", '#include "actors/room.hpp"\n'),
    "actors include cluster":
        ("actors/x.cpp", '#include "cluster/etcd/api.hpp"\n'),
    "actors include the inspection":
        ("actors/x.cpp", '#include "inspection/watch.cpp"\n'),
    "transport includes the inspection":
        ("transport/x.cpp", '#include "inspection/watch.cpp"\n'),
    "a mutex in the inspection": ("inspection/x.cpp", "std::mutex m;\n"),
    "JSON beside the etcd client":
        ("cluster/x.cpp", "#include <nlohmann/json.hpp>\n"),
    "Beast beside the etcd client":
        ("cluster/links/x.cpp", "#include <boost/beast/core.hpp>\n"),
    "remoting in an actor":
        ("actors/x.cpp", "#include <caf/io/middleman.hpp>\n"),
    "actors include app": ("actors/x.cpp", '#include "app/main.cpp"\n'),
    "app includes tests": ("app/x.cpp", '#include "tests/room.cpp"\n'),
    "JSON in an actor": ("actors/x.cpp", "#include <nlohmann/json.hpp>\n"),
    "JSON in messages": ("messages/x.cpp", "#include <nlohmann/json.hpp>\n"),
    "JSON declared in a header":
        ("transport/x.cpp", "#include <nlohmann/json_fwd.hpp>\n"),
    "Beast in an actor": ("actors/x.cpp", "#include <boost/beast/core.hpp>\n"),
    "Beast in app": ("app/x.cpp", "# include <boost/beast.hpp>\n"),
    "spdlog in app": ("app/x.cpp", "#include <spdlog/spdlog.h>\n"),
    "prometheus-cpp in an actor":
        ("actors/x.cpp", "#include <prometheus/registry.h>\n"),
    "all of CAF": ("actors/x.cpp", "#include <caf/all.hpp>\n"),
    "all of CAF in a test": ("tests/x.cpp", "#include <caf/all.hpp>\n"),
    "a mutex in an actor": ("actors/x.cpp", "std::mutex m;\n"),
    "a lock in an actor": ("actors/x.cpp", "std::lock_guard x{m};\n"),
    "a sleep in an actor":
        ("actors/x.cpp", "std::this_thread::sleep_for(s);\n"),
    "a scoped actor": ("actors/x.cpp", "caf::scoped_actor self{sys};\n"),
    "a mutex behind digits":
        ("actors/x.cpp", "int n = 1'0; std::mutex m{'a'};\n"),
    "code behind a comment": ("actors/x.cpp", "/* a */ std::mutex m; // b\n"),
    "an include beside the file": ("actors/x.cpp", '#include "room.hpp"\n'),
    "an include through ..":
        ("actors/x.cpp", '#include "actors/../messages/ids.hpp"\n'),
    "an include of nothing": ("actors/x.cpp", '#include "messages/no.hpp"\n'),
    "a string hashed without a key":
        ("actors/x.cpp", "auto x = std::hash<std::string>{}(name);\n"),
    "a view hashed without a key":
        ("transport/x.cpp", "auto x = std::hash<std::string_view>{}(name);\n"),
    "a table of strings without a key":
        ("messages/x.cpp", "std::unordered_map<std::string, int> x;\n"),
    "a set of strings without a key, over two lines":
        ("inspection/x.cpp", "std::unordered_set<\n  std::string> x;\n"),
    "ours in angles": ("app/x.cpp", "#include <actors/room.hpp>\n"),
}


class Layering(unittest.TestCase):
    def setUp(self):
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.root = pathlib.Path(directory.name)
        for name, text in GOOD.items():
            self.write(name, text)

    def write(self, name, text):
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    def test_a_good_tree_has_no_violation(self):
        self.assertEqual(violations(self.root), [])

    def test_each_planted_violation_is_found(self):
        for what, (name, text) in BAD.items():
            with self.subTest(what):
                self.write(name, SPDX + text)
                found = violations(self.root)
                self.assertEqual(len(found), 1, found)
                self.assertTrue(found[0].startswith(f"{name}:2: "), found)
                (self.root / name).unlink()

    def test_a_header_without_pragma_once_is_found(self):
        self.write("app/x.hpp", SPDX + "// #pragma once\n")
        self.assertEqual(violations(self.root),
                         ["app/x.hpp:1: no #pragma once"])

    def test_a_file_without_the_spdx_line_is_found(self):
        for name in ("app/x.cpp", "tests/x.hpp", "app/CMakeLists.txt"):
            self.write(name, "#pragma once\n")
        self.assertEqual(violations(self.root),
                         ["app/CMakeLists.txt:1: no SPDX line",
                          "app/x.cpp:1: no SPDX line",
                          "tests/x.hpp:1: no SPDX line"])


if __name__ == "__main__":
    unittest.main()
