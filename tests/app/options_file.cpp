// SPDX-License-Identifier: MIT
#include "app/options_file.hpp"

#include "tests/app/temporary_file.hpp"
#include "tests/support/catch.hpp"

#include <string>
#include <vector>

namespace {

using namespace parlor;
using test::temporary_file;
using lines = std::vector<std::string>;

struct outcome {
  lines problems;
  settings result;
};

outcome reading(const std::string& path) {
  outcome x;
  configuration config{x.result};
  x.problems = read_file(config, path);
  return x;
}

outcome reading_text(const std::string& text) {
  temporary_file file{text};
  auto x = reading(file.path());
  for (auto& problem : x.problems) {
    CHECK(problem.starts_with(file.path() + ": "));
    problem.erase(0, file.path().size() + 2);
  }
  return x;
}

} // namespace

TEST_CASE("a file with comments, spaces and all kinds of values is read") {
  auto x = reading_text("; a comment\n"
                        "\n"
                        "[server] ; another\n"
                        "  port=1 ; another\n"
                        "insecure = true\n"
                        "[origins]\n"
                        "allow = [\"https://a.example\",\n"
                        "         \"https://b.example\"]\n"
                        "[drain]\n"
                        "timeout = 5min\n"
                        "[server]\n"
                        "threads = 2\n");
  CHECK(x.problems == lines{});
  CHECK(x.result.port == 1);
  CHECK(x.result.insecure);
  CHECK(x.result.origins == lines{"https://a.example", "https://b.example"});
  CHECK(x.result.drain_timeout == std::chrono::minutes{5});
  CHECK(x.result.threads == 2);
}

TEST_CASE("an empty file changes nothing") {
  CHECK(reading_text("").problems == lines{});
}

TEST_CASE("an unknown key is a problem that names it") {
  CHECK(reading_text("[server]\nnonsense = 1\n").problems
        == lines{"line 2: unknown key server.nonsense"});
  CHECK(reading_text("[nonsense]\nkey = 1\n").problems
        == lines{"line 2: unknown key nonsense.key"});
  CHECK(reading_text("port = 1\n").problems
        == lines{"line 1: unknown key port"});
  CHECK(reading_text("help = true\n").problems
        == lines{"line 1: unknown key help"});
  CHECK(reading_text("[global]\nhelp = true\n").problems.size() == 1);
  CHECK(reading_text("[server.port]\nx = 1\n").problems.size() == 1);
  CHECK(reading_text("[a.b]\nc = 1\n").problems
        == lines{"line 2: unknown key a.b.c"});
  CHECK(reading_text("[scheduler]\nmax-threads = 1\n").problems
        == lines{"line 2: unknown key scheduler.max-threads"});
}

TEST_CASE("a wrong value is a problem that names key and values") {
  CHECK(reading_text("[server]\nport = 70000\n").problems
        == lines{"line 2: server.port = 70000: expected 0 to 65535"});
  CHECK(reading_text("[server]\nport = \"x\"\n").problems
        == lines{"line 2: server.port = \"x\": expected 0 to 65535"});
  CHECK(reading_text("[limits]\noutbox-stall = 5\n").problems
        == lines{"line 2: limits.outbox-stall = 5: expected 1ms to 24h with a "
                 "unit: ns, us, ms, s, min or h"});
  for (std::string text :
       {"[server]\nport = true\n", "[server]\nport = -1\n",
        "[server]\nport = 1.5\n", "[server]\nport = {a = 1}\n",
        "[server]\ninsecure = 1\n", "[server]\nhost = 'x'\n",
        "[server]\nhost = \"x\"\n", "[limits]\noutbox-stall = 5\n",
        "[limits]\noutbox-stall = 0s\n", "[log]\nlevel = \"loud\"\n",
        "[log]\nlevel = 5\n", "[origins]\nallow = \"*\"\n",
        "[origins]\nallow = [1]\n", "[cluster]\nnode = \"\"\n"}) {
    INFO(text);
    CHECK(reading_text(text).problems.size() == 1);
  }
}

TEST_CASE("a duration out of range is refused before it could wrap") {
  for (std::string text : {"5124096h", "18446744074s", "-5124095h"})
    CHECK(reading_text("[limits]\noutbox-stall = " + text + "\n").problems
          == lines{"line 2: limits.outbox-stall = " + text
                   + ": expected 1ms to 24h with a unit: ns, us, ms, s, min "
                     "or h"});
}

TEST_CASE("all problems of a file are found") {
  CHECK(reading_text("[server]\nport = -1\nnonsense = 1\nthreads = 99\n")
          .problems.size()
        == 3);
}

TEST_CASE("a key that is given twice is a problem") {
  CHECK(reading_text("[server]\nport = 1\nport = 2\n").problems
        == lines{"line 3: server.port is given twice"});
  CHECK(reading_text("[server]\nport = 1\n[log]\n[server]\nport=2\n").problems
        == lines{"line 5: server.port is given twice"});
}

TEST_CASE("what is no INI is a problem with its place") {
  CHECK(reading_text("[server]\nport = abc\n").problems
        == lines{"line 2: server.port = abc: expected 0 to 65535"});
  for (std::string text : {"[server\nport", "[server", "[server]\nport\n",
                           "[server]\nport =\n", "# comment\n", "\x01\x02",
                           "[server]\nhost = \"127.0.0.1\n", "[server]\n]"}) {
    INFO(text);
    CHECK_FALSE(reading_text(text).problems.empty());
  }
}

TEST_CASE("a file that cannot be read is a problem") {
  temporary_file file{""};
  auto missing = file.path() + ".missing";
  CHECK(reading(missing).problems == lines{missing + ": cannot be read"});
  CHECK_FALSE(reading(file.directory()).problems.empty());
  CHECK_FALSE(reading_text(std::string(2 << 20, ' ')).problems.empty());
}
