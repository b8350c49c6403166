// SPDX-License-Identifier: MIT
#include "cluster/resolver.hpp"

#include "cluster/limits.hpp"

#include "tests/support/catch.hpp"

#include <boost/asio/co_spawn.hpp>

#include <atomic>
#include <exception>
#include <future>
#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace {

using namespace parlor::cluster;
namespace asio = boost::asio;
using std::chrono::milliseconds;

/// A resolver of names that answers at once, but is silent of some.
struct fixture {
  /// Look-ups outlive tests.
  struct shared {
    std::promise<void> end;
    std::shared_future<void> ended = end.get_future().share();
    std::atomic<bool> silent = true;
    std::atomic<int> asked = 0;
    std::unique_ptr<name_service> names;
  };

  fixture() {
    all->names = std::make_unique<name_service>([x = all.get()](auto& host) {
      ++x->asked;
      if (host == "silent" && x->silent)
        x->ended.wait();
      if (host == "nobody")
        return looked_up{"unknown", {}};
      return looked_up{{}, {asio::ip::make_address("10.0.0.1")}};
    });
  }

  ~fixture() {
    all->end.set_value();
    // Its threads may be about to look at it.
    static std::vector<std::shared_ptr<shared>> kept;
    kept.push_back(all);
  }

  struct answer {
    resolver::endpoints at;
    std::string problem;
  };

  answer ask(const std::string& host,
             milliseconds patience = std::chrono::hours{1}) {
    asio::io_context loop;
    resolver by{loop, *all->names};
    answer result;
    // g++ 12 destroys a temporary in a co_await twice.
    address where{host, 80};
    asio::co_spawn(
      loop,
      [&]() -> asio::awaitable<void> {
        result.at = co_await by.resolve(where, patience, result.problem);
      },
      [](std::exception_ptr failed) { CHECK_FALSE(failed); });
    loop.run();
    return result;
  }

  std::shared_ptr<shared> all = std::make_shared<shared>();
};

using list = resolver::endpoints;

asio::ip::tcp::endpoint at(const char* host) {
  return {asio::ip::make_address(host), 80};
}

} // namespace

TEST_CASE_METHOD(fixture, "an address in numbers is not looked up") {
  CHECK(ask("127.0.0.1").at == list{at("127.0.0.1")});
  CHECK(ask("::1").at == list{at("::1")});
  CHECK(all->asked == 0);
}

TEST_CASE_METHOD(fixture, "a name is looked up, or it is said why not") {
  CHECK(ask("somebody").at == list{at("10.0.0.1")});
  auto unknown = ask("nobody");
  CHECK(unknown.at.empty());
  CHECK(unknown.problem == "unknown");
}

TEST_CASE_METHOD(fixture, "a silent resolver is not waited for") {
  auto silent = ask("silent", milliseconds{1});
  CHECK(silent.at.empty());
  CHECK(silent.problem == "no answer");
  // Nor by others; and it is not asked for the same name meanwhile.
  CHECK(ask("somebody").at.size() == 1);
  CHECK(ask("silent", milliseconds{1}).at.empty());
  // Who looks up begins when it is its turn.
  while (all->asked < 2)
    std::this_thread::yield();
  CHECK(all->asked == 2);
}

TEST_CASE_METHOD(fixture, "a name that was known is where it was") {
  all->silent = false;
  CHECK(ask("silent").at == list{at("10.0.0.1")});
  all->silent = true;
  CHECK(ask("silent", milliseconds{1}).at == list{at("10.0.0.1")});
}

TEST_CASE("no more look-ups than there may be are under way") {
  struct shared {
    std::promise<void> end;
    std::shared_future<void> ended = end.get_future().share();
  };
  static auto* x = new shared;
  static auto* names = new name_service{[](const std::string&) {
    x->ended.wait();
    return looked_up{"late", {}};
  }};
  std::promise<std::string> told;
  for (size_t i = 0; i < most_look_ups; ++i)
    names->ask("n" + std::to_string(i), [](const looked_up&) {});
  names->ask("one more",
             [&](const looked_up& answer) { told.set_value(answer.problem); });
  CHECK(told.get_future().get() == "too many look-ups are under way");
  x->end.set_value();
}
