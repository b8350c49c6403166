// SPDX-License-Identifier: MIT
#include "inspection/trace_ring.hpp"

#include "tests/support/catch.hpp"

using namespace parlor;
using parlor::inspection::trace_ring;

namespace {

/// Who sent each of the messages that are left.
std::vector<uint64_t> senders(const trace_ring& x) {
  std::vector<uint64_t> result;
  for (auto& one : x.all())
    result.push_back(one.sender);
  return result;
}

trace_ring ring_of(uint64_t messages) {
  trace_ring result;
  for (uint64_t i = 1; i <= messages; ++i)
    result.add({{}, "tick", i, "room", {}});
  return result;
}

} // namespace

TEST_CASE("a ring without messages has none", "[trace_ring]") {
  CHECK(trace_ring{}.all().empty());
}

TEST_CASE("a ring keeps messages in their order", "[trace_ring]") {
  CHECK(senders(ring_of(3)) == std::vector<uint64_t>{1, 2, 3});
}

TEST_CASE("a full ring forgets the oldest", "[trace_ring]") {
  for (uint64_t more : {0u, 1u, 2u, 63u, 64u, 65u, 1000u}) {
    auto kept = senders(ring_of(traced_messages + more));
    REQUIRE(kept.size() == traced_messages);
    CHECK(kept.front() == more + 1);
    CHECK(kept.back() == traced_messages + more);
    CHECK(std::is_sorted(kept.begin(), kept.end()));
  }
}
