// SPDX-License-Identifier: MIT
#include "cluster/links/outbound.hpp"

#include "tests/support/catch.hpp"

#include <string>
#include <thread>
#include <vector>

namespace {

using namespace parlor;
using namespace parlor::cluster;
using verdict = outbound::verdict;

envelope of(const std::string& text) {
  return {1, std::make_shared<const std::string>(text)};
}

std::vector<std::string> texts(const std::optional<outbound::frame>& x) {
  std::vector<std::string> result;
  REQUIRE(x);
  for (const auto& one : x->content)
    result.push_back(*one.body);
  return result;
}

using list = std::vector<std::string>;

constexpr outbound_limits small{2, 3, 100, 8, 1000, 5000};

} // namespace

TEST_CASE("what waits goes in one frame, in its order") {
  outbound x{small};
  x.push(of("a"));
  x.push(of("b"));
  auto frame = x.next();
  CHECK(texts(frame) == list{"a", "b"});
  CHECK(frame->number == 1);
  CHECK_FALSE(x.next());
}

TEST_CASE("a frame has so many envelopes and bytes at most, but always one") {
  outbound x{small};
  for (auto text : {"a", "b", "c", "d"})
    x.push(of(text));
  CHECK(texts(x.next()) == list{"a", "b", "c"});
  std::string large(60, 'x');
  x.push(of(large));
  x.push(of(large));
  CHECK(texts(x.next()) == list{"d", large});
  REQUIRE(x.acknowledge(2));
  CHECK(texts(x.next()) == list{large});
}

TEST_CASE("what is larger than a frame goes in pieces, by itself") {
  outbound x{{9, 3, 100, 8, 1000, 5000}};
  auto big = std::string(100, 'x') + std::string(100, 'y') + "z";
  x.push(of("a"));
  x.push(of(big));
  x.push(of("b"));
  auto whole = x.next();
  CHECK(texts(whole) == list{"a"});
  CHECK_FALSE(whole->left);
  std::string come;
  for (size_t left : {101, 1, 0}) {
    auto piece = x.next();
    REQUIRE(piece);
    REQUIRE(piece->content.size() == 1);
    CHECK(piece->left == left);
    come += *piece->content[0].body;
  }
  CHECK(come == big);
  CHECK(texts(x.next()) == list{"b"});
}

TEST_CASE("a peer that takes no pieces gets what is large whole") {
  outbound x{small, false};
  std::string big(200, 'x');
  x.push(of(big));
  auto frame = x.next();
  CHECK(texts(frame) == list{big});
  CHECK_FALSE(frame->left);
}

TEST_CASE("no more frames are under way than the window has") {
  outbound x{small};
  for (int i = 1; i <= 2; ++i) {
    x.push(of("x"));
    CHECK(x.next()->number == uint64_t(i));
  }
  x.push(of("y"));
  x.push(of("z"));
  CHECK_FALSE(x.next());
  REQUIRE(x.acknowledge(1));
  // What gathered meanwhile goes together.
  CHECK(texts(x.next()) == list{"y", "z"});
}

TEST_CASE("whoever takes frames is told once to look") {
  outbound x{small};
  CHECK(x.push(of("a")) == verdict::wake);
  CHECK(x.push(of("b")) == verdict::queued);
  x.next();
  CHECK(x.push(of("c")) == verdict::queued);
  x.next();
  CHECK(x.push(of("d")) == verdict::queued);
  // The window is full: the acknowledgement makes it look.
  CHECK_FALSE(x.next());
  CHECK(x.push(of("e")) == verdict::queued);
  REQUIRE(x.acknowledge(2));
  CHECK(texts(x.next()) == list{"d", "e"});
  CHECK_FALSE(x.next());
  CHECK(x.push(of("f")) == verdict::wake);
}

TEST_CASE("a full queue refuses, also for what is under way") {
  outbound many{small};
  for (int i = 0; i < 8; ++i)
    CHECK(many.push(of("x")) != verdict::refused);
  CHECK(many.push(of("x")) == verdict::refused);
  many.next();
  CHECK(many.push(of("x")) == verdict::refused);
  REQUIRE(many.acknowledge(1));
  CHECK(many.push(of("x")) != verdict::refused);

  outbound large{small};
  CHECK(large.push(of(std::string(999, 'x'))) == verdict::wake);
  CHECK(large.push(of("x")) == verdict::queued);
  CHECK(large.push(of("x")) == verdict::refused);
  CHECK(large.push(of("")) == verdict::refused);
}

TEST_CASE("what is larger than the queue is not refused for ever") {
  outbound x{small};
  CHECK(x.push(of("x")) == verdict::wake);
  CHECK(x.push(of(std::string(5000, 'x'))) == verdict::queued);
  CHECK(x.push(of("x")) == verdict::refused);
  CHECK(x.push(of(std::string(5001, 'x'))) == verdict::too_large);
}

TEST_CASE("what was acknowledged makes room again") {
  for (auto size : {99, 250}) {
    outbound x{small};
    for (int i = 0; i < 30; ++i) {
      REQUIRE(x.push(of(std::string(size_t(size), 'x'))) != verdict::refused);
      while (auto frame = x.next())
        REQUIRE(x.acknowledge(frame->number));
    }
  }
}

TEST_CASE("what was never sent cannot be acknowledged") {
  outbound x{small};
  CHECK_FALSE(x.acknowledge(1));
  x.push(of("a"));
  x.next();
  CHECK(x.acknowledge(1));
  CHECK(x.acknowledge(1));
  CHECK(x.acknowledge(0));
  CHECK_FALSE(x.acknowledge(UINT64_MAX));
}

TEST_CASE("a closed queue refuses all and has nothing") {
  outbound x{small};
  x.push(of("a"));
  x.next();
  x.push(of("b"));
  x.close();
  CHECK(x.push(of("c")) == verdict::refused);
  CHECK_FALSE(x.next());
  CHECK(x.acknowledge(1));
}

TEST_CASE("nothing is lost between threads that push and one that takes") {
  constexpr int threads = 4;
  constexpr int each = 5000;
  outbound x{{4, 100, 1 << 20, 100'000, 1 << 20, 1 << 20}};
  std::vector<std::thread> pushing;
  for (int t = 0; t < threads; ++t)
    pushing.emplace_back([&x, t] {
      for (int i = 0; i < each; ++i)
        x.push(of(std::to_string(t) + ' ' + std::to_string(i)));
    });
  std::vector<int> seen(threads, 0);
  int total = 0;
  auto in_order = true;
  while (total < threads * each) {
    auto frame = x.next();
    if (!frame)
      continue;
    for (const auto& one : frame->content) {
      auto blank = one.body->find(' ');
      auto thread = size_t(std::stoi(one.body->substr(0, blank)));
      in_order = in_order && std::stoi(one.body->substr(blank)) == seen[thread];
      ++seen[thread];
      ++total;
    }
    x.acknowledge(frame->number);
  }
  for (auto& one : pushing)
    one.join();
  CHECK(in_order);
}
