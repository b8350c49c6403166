// SPDX-License-Identifier: MIT
#pragma once

#include "actors/replica.hpp"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <variant>
#include <vector>

namespace parlor::test {

using namespace replication;

/// What a replica asks of the world, written down.
struct stub_port final : replica_port {
  void send(incarnation, letter what) override { sent.push_back(what); }
  void judge(command&) override {}
  void append(const entry&) override {}
  void undo(const entry&) override {}
  void skip(const place&, const std::string&, uint64_t) override {}
  std::string state() const override { return {}; }
  void open(const epoch&) override {}
  void confirm(uint64_t number, std::optional<place>) override {
    confirmed.push_back(number);
  }
  void give_up(uint64_t) override {}
  bool fenced() const override { return is_fenced; }
  uint64_t next_opening() override { return ++openings; }

  /// How many letters of a kind there are.
  template <class T>
  auto count() const {
    return std::ranges::count_if(
      sent, [](auto& what) { return std::holds_alternative<T>(what); });
  }

  std::vector<letter> sent;
  bool is_fenced = false;
  std::vector<uint64_t> confirmed;
  uint64_t openings = 0;
};

inline const incarnation one{1}, two{2}, three{3};

/// A replica at node 3, which relays between the others.
struct relay {
  relay() { sit(one, two); }

  void sit(incarnation home, incarnation standby) {
    is.sit(three, {++revision, home, standby, {one, two, three}});
  }

  /// The answer to its last promise.
  void resume_at(incarnation home, const epoch& in, const place& at) {
    is.hear(home, resume{last_promise().number, in, at, {}, {}, 0});
  }

  const promise& last_promise() const {
    for (auto i = port.sent.rbegin(); i != port.sent.rend(); ++i)
      if (auto* result = std::get_if<promise>(&*i))
        return *result;
    throw std::logic_error{"no promise"};
  }

  void tell(incarnation home, const epoch& in, uint64_t seq,
            const producer& from, uint64_t number) {
    is.hear(home, decision{in, {{in, seq}, {from, number, "x"}}});
  }

  stub_port port;
  replica is{port, {}};
  uint64_t revision = 0;
};

/// A replica at node 1, which is home, while its standby changes.
struct leader {
  void sit(incarnation standby) {
    port.sent.clear();
    is.sit(one, {++revision, one, standby, {one, two, three}});
  }

  /// What was said is confirmed, and everybody knows it. Then node 3 is home for
  /// a view, and node 1 again, with node 2 as standby.
  void be_replaced(incarnation then_standby) {
    sit(two);
    promise_by(two, 1);
    promise_by(three, 1);
    is.submit("said");
    ack_by(two);
    is.sit(one, {++revision, three, then_standby, {one, two, three}});
    sit(two);
  }

  /// Somebody who has nothing promises in a view.
  void promise_by(incarnation who, uint64_t in) {
    is.hear(who, promise{in, ++promises, 0, true, {}});
  }

  /// Its last promise once more.
  void promise_again_by(incarnation who, uint64_t in) {
    is.hear(who, promise{in, promises, 0, true, {}});
  }

  void ack_by(incarnation who) {
    is.hear(who, ack{is.epoch(), is.log().seq()});
  }

  bool asks() const { return port.count<ask>() > 0; }

  stub_port port;
  replica is{port, {}};
  uint64_t revision = 0;
  uint64_t promises = 0;
};

} // namespace parlor::test
