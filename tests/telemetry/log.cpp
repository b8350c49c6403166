// SPDX-License-Identifier: MIT
#include "telemetry/log.hpp"

#include "telemetry/repeats.hpp"
#include "tests/support/captured_stderr.hpp"
#include "tests/support/catch.hpp"

#include <nlohmann/json.hpp>

#include <chrono>
#include <string>
#include <thread>
#include <vector>

#include <fcntl.h>
#include <unistd.h>

namespace {

namespace log = parlor::log;

using parlor::captured_stderr;

/// A stderr that takes nothing until `drain`: a full pipe.
class stuck_stderr {
public:
  stuck_stderr() : saved_{dup(STDERR_FILENO)} {
    int ends[2];
    REQUIRE(pipe(ends) == 0);
    read_end_ = ends[0];
    fcntl(ends[1], F_SETFL, O_NONBLOCK);
    std::string filler(4096, '.');
    while (write(ends[1], filler.data(), filler.size()) > 0)
      ;
    fcntl(ends[1], F_SETFL, 0);
    dup2(ends[1], STDERR_FILENO);
    close(ends[1]);
  }

  ~stuck_stderr() {
    // The reader sees the end once stderr is another file again.
    dup2(saved_, STDERR_FILENO);
    close(saved_);
    if (reader_.joinable())
      reader_.join();
    close(read_end_);
  }

  stuck_stderr(const stuck_stderr&) = delete;
  stuck_stderr& operator=(const stuck_stderr&) = delete;

  void drain() {
    reader_ = std::thread{[this] {
      std::string buffer(65536, '\0');
      for (;;) {
        auto n = read(read_end_, buffer.data(), buffer.size());
        if (n <= 0)
          return;
        text_.append(buffer, 0, static_cast<size_t>(n));
      }
    }};
  }

  std::string text() {
    dup2(saved_, STDERR_FILENO);
    reader_.join();
    return text_;
  }

private:
  int saved_;
  int read_end_ = -1;
  std::thread reader_;
  std::string text_;
};

} // namespace

TEST_CASE("nothing is written before the start and after the stop") {
  captured_stderr err;
  log::error("before");
  log::start();
  log::error("during");
  log::stop();
  log::error("after");
  log::set_level(log::level::debug);
  log::error("after");
  auto lines = err.lines();
  REQUIRE(lines.size() == 1);
  CHECK(lines[0].ends_with("Z error during"));
}

TEST_CASE("the log can be started again, in the other format") {
  captured_stderr err;
  log::start({log::level::info, log::format::text});
  log::info("first", {{"n", 1}});
  log::stop();
  log::start({log::level::info, log::format::json});
  log::info("second", {{"n", 2}});
  log::stop();
  auto lines = err.lines();
  REQUIRE(lines.size() == 2);
  CHECK(lines[0].ends_with(" info  first n=1"));
  CHECK(nlohmann::json::parse(lines[1])["n"] == 2);
}

TEST_CASE("lines below the level are left out") {
  captured_stderr err;
  log::start({log::level::warn, log::format::text});
  CHECK_FALSE(log::enabled(log::level::info));
  log::debug("no");
  log::info("no");
  log::warn("yes");
  log::set_level(log::level::debug);
  log::debug("yes");
  log::stop();
  auto lines = err.lines();
  REQUIRE(lines.size() == 2);
  CHECK(lines[0].ends_with("warn  yes"));
  CHECK(lines[1].ends_with("debug yes"));
}

TEST_CASE("stop writes every line of every thread, in each one's order") {
  constexpr int threads = 4;
  constexpr int each = 1000;
  captured_stderr err;
  log::start({log::level::info, log::format::json});
  std::vector<std::thread> callers;
  for (int t = 0; t < threads; ++t)
    callers.emplace_back([t] {
      for (int i = 0; i < each; ++i)
        log::record(log::level::info, "line", {{"thread", t}, {"i", i}});
    });
  for (auto& x : callers)
    x.join();
  log::stop();
  std::vector<int> next(threads, 0);
  for (const auto& text : err.lines()) {
    auto line = nlohmann::json::parse(text);
    auto& expected = next.at(line["thread"].get<size_t>());
    CHECK(line["i"] == expected);
    ++expected;
  }
  CHECK(next == std::vector<int>(threads, each));
}

TEST_CASE("a stderr that nobody reads does not hold up the end") {
  stuck_stderr err;
  log::start();
  log::info("line");
  CHECK_FALSE(log::stop(std::chrono::milliseconds{50}));
  // Then lines go nowhere, and the end is over.
  log::info("after");
  CHECK(log::stop(std::chrono::milliseconds{50}));
  err.drain();
  log::start();
  log::info("again");
  CHECK(log::stop());
  auto text = err.text();
  CHECK(text.find("after") == std::string::npos);
  CHECK(text.find("again") != std::string::npos);
}

TEST_CASE("a stderr that nobody reads blocks no caller and loses the oldest") {
  stuck_stderr err;
  log::start();
  // More than the queue holds; ends only if none of these calls waits.
  constexpr int all = 20000;
  for (int i = 0; i < all; ++i)
    log::record(log::level::info, "line", {{"i", i}});
  err.drain();
  log::stop();
  auto text = err.text();
  CHECK(text.find("line i=" + std::to_string(all - 1)) != std::string::npos);
  CHECK(text.find("line i=5000\n") == std::string::npos);
  CHECK(text.find("log lines lost lines=") != std::string::npos);
}

TEST_CASE("what repeats too often is left out, and the end says how much") {
  captured_stderr err;
  log::start({log::level::info, log::format::json, std::chrono::hours{1}});
  for (uint32_t i = 0; i < log::most_repeats + 950; ++i)
    log::warn("again", {{"i", i}});
  log::warn("other");
  log::stop();
  auto lines = err.lines();
  REQUIRE(lines.size() == log::most_repeats + 2);
  for (uint32_t i = 0; i < log::most_repeats; ++i)
    CHECK(nlohmann::json::parse(lines[i])["i"] == i);
  auto other = nlohmann::json::parse(lines[log::most_repeats]);
  CHECK(other["event"] == "other");
  auto last = nlohmann::json::parse(lines.back());
  CHECK(last["event"] == "lines left out");
  CHECK(last["level"] == "warn");
  CHECK(last["of"] == "again");
  CHECK(last["lines"] == 950);
}

TEST_CASE("a record is written however often it repeats") {
  captured_stderr err;
  log::start();
  for (uint32_t i = 0; i < 2 * log::most_repeats; ++i)
    log::record(log::level::error, "record");
  log::record(log::level::debug, "below the level");
  log::stop();
  auto lines = err.lines();
  CHECK(lines.size() == 2 * log::most_repeats);
  CHECK(lines.back().ends_with("error record"));
}

TEST_CASE("what is below the level is not counted as left out") {
  captured_stderr err;
  log::start({log::level::warn, log::format::text});
  for (uint32_t i = 0; i < 2 * log::most_repeats; ++i)
    log::info("no");
  log::stop();
  CHECK(err.lines().empty());
}

TEST_CASE("what was left out is said while the log goes on") {
  captured_stderr err;
  log::start({log::level::info, log::format::text, std::chrono::seconds{1}});
  for (uint32_t i = 0; i < 10 * log::most_repeats; ++i)
    log::warn("again");
  auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds{60};
  while (!err.has("warn  lines left out of=again lines=")) {
    REQUIRE(std::chrono::steady_clock::now() < deadline);
    std::this_thread::sleep_for(std::chrono::milliseconds{5});
  }
  log::stop();
}

TEST_CASE("a log that was started again has left out nothing") {
  captured_stderr err;
  for (int i = 0; i < 2; ++i) {
    log::start();
    for (uint32_t n = 0; n < log::most_repeats; ++n)
      log::warn("again");
    log::stop();
  }
  CHECK(err.lines().size() == 2 * log::most_repeats);
}

TEST_CASE("a queue that overflows does not lose what was left out") {
  stuck_stderr err;
  log::start({log::level::info, log::format::text, std::chrono::hours{1}});
  for (uint32_t i = 0; i < log::most_repeats + 950; ++i)
    log::warn("again");
  for (int i = 0; i < 20000; ++i)
    log::record(log::level::info, "line", {{"i", i}});
  err.drain();
  log::stop();
  auto text = err.text();
  CHECK(text.find("log lines lost lines=") != std::string::npos);
  CHECK(text.find("lines left out of=again lines=950") != std::string::npos);
}
