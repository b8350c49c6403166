// SPDX-License-Identifier: MIT
#include "telemetry/log.hpp"
#include "tests/support/catch.hpp"
#include "tests/transport/scarce_memory.hpp"
#include "tests/transport/server.hpp"

#include <string>

using namespace parlor;
using namespace parlor::test;

namespace {

/// While it lives the I/O thread gets no memory, and the log is on.
class scarcity {
public:
  explicit scarcity(server& host) : host_{host} {
    log::start({log::level::error});
    host_.on_thread([] { memory_is_scarce = true; });
  }

  ~scarcity() {
    host_.on_thread([] { memory_is_scarce = false; });
    log::stop();
  }

private:
  server& host_;
};

const std::string request = "GET /nowhere HTTP/1.1\r\nHost: localhost\r\n\r\n";

bool answers(server& host) {
  client one{host.port()};
  one.send(request);
  return one.read_head().starts_with("HTTP/1.1 404 ");
}

} // namespace

TEST_CASE("a request that lacks memory ends alone", "[scarce_memory]") {
  server host;
  client one{host.port()};
  client head{host.port()};
  head.send(request.substr(0, 20));
  REQUIRE(answers(host));
  {
    scarcity of_all{host};
    one.send(request);
    CHECK(one.drop_all() == ending::eof);
    head.send(request.substr(20));
    head.drop_all();
  }
  CHECK(answers(host));
}

TEST_CASE("who is accepted without memory is lost alone", "[scarce_memory]") {
  server host;
  REQUIRE(answers(host));
  {
    scarcity of_all{host};
    client one{host.port()};
    CHECK(one.drop_all() == ending::eof);
  }
  CHECK(answers(host));
}

TEST_CASE("a WebSocket that lacks memory ends alone", "[scarce_memory]") {
  server host;
  client one{host.port()};
  host.open(one);
  {
    scarcity of_all{host};
    one.send_text(std::string(1000, 'x'));
    one.drop_all();
  }
  CHECK(answers(host));
}
