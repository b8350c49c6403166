// SPDX-License-Identifier: MIT
#include "transport/read_queue.hpp"

#include "tests/support/catch.hpp"

#include <vector>

using namespace parlor;
using namespace parlor::transport;

namespace {

/// Reads for as long as its queue lets it, and never has enough.
struct reader final : poll_target {
  reader(read_queue& from, std::vector<int>& to, int name_)
    : queue{from}, order{to}, name{name_} {}

  void on_ready(readiness) noexcept override {
    if (queue.admit(weight))
      order.push_back(name);
    if (greedy)
      queue.postpone(*this);
  }

  read_queue& queue;
  std::vector<int>& order;
  int name;
  unsigned weight = 1;
  bool greedy = true;
};

struct queue_fixture {
  void turn() {
    loop.restart();
    loop.poll();
    queue.end_of_turn();
  }

  asio::io_context loop;
  read_queue queue{loop};
  std::vector<int> order;
  reader a{queue, order, 1};
  reader b{queue, order, 2};
};

} // namespace

TEST_CASE_METHOD(queue_fixture, "who asks to read later reads in the next turn",
                 "[read_queue]") {
  queue.postpone(a);
  queue.postpone(a);
  queue.postpone(b);
  loop.poll();
  CHECK(order.empty());
  queue.end_of_turn();
  loop.restart();
  loop.poll();
  // Once, though both have asked again.
  CHECK(order == std::vector{1, 2});
  queue.end_of_turn();
  turn();
  CHECK(order == std::vector{1, 2, 1, 2});
}

TEST_CASE_METHOD(queue_fixture, "who is gone is told nothing", "[read_queue]") {
  {
    reader gone{queue, order, 3};
    queue.postpone(gone);
    queue.postpone(a);
    queue.end_of_turn();
  }
  turn();
  CHECK(order == std::vector{1});
}

TEST_CASE_METHOD(queue_fixture, "who gives way reads a step or two of a turn",
                 "[read_queue]") {
  reader c{queue, order, 3};
  for (auto* one : {&a, &b, &c}) {
    one->weight = 8;
    queue.postpone(*one);
  }
  queue.end_of_turn(true);
  loop.poll();
  CHECK(order == std::vector{1, 2});
  queue.end_of_turn(true);
  loop.restart();
  loop.poll();
  CHECK(order == std::vector{1, 2, 3, 1});
  queue.end_of_turn(false);
  turn();
  CHECK(order == std::vector{1, 2, 3, 1, 2, 3, 1});
}

TEST_CASE_METHOD(queue_fixture, "whose turn did not come is first in the next",
                 "[read_queue]") {
  // The first uses up all the time.
  struct slow final : poll_target {
    explicit slow(read_queue& from) : queue{from} {}

    void on_ready(readiness) noexcept override {
      while (queue.admit(time_slice<>::stride))
        ++steps;
      queue.postpone(*this);
    }

    read_queue& queue;
    int steps = 0;
  } first{queue};
  queue.postpone(first);
  queue.postpone(a);
  queue.postpone(b);
  queue.end_of_turn();
  loop.poll();
  CHECK(first.steps > 0);
  CHECK(order.empty());
  queue.end_of_turn();
  loop.restart();
  loop.poll();
  CHECK(order == std::vector{1, 2});
}
