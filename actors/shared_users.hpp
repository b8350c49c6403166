// SPDX-License-Identifier: MIT
#pragma once

#include "actors/heard_letters.hpp"
#include "actors/outermost.hpp"
#include "actors/user_shard.hpp"
#include "messages/from_peers.hpp"
#include "messages/peers.hpp"
#include "messages/to_registry.hpp"
#include "messages/user_notes.hpp"

#include <caf/typed_response_promise.hpp>

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>

namespace parlor {

struct registry_state;

/// A registry's users where they may be on several nodes. What concerns a user
/// goes to the user's home, which may be here, and what the home makes of it
/// comes back. Nothing is asked of a home but in the order in which it happened
/// here; what may be lost is asked again, of whoever is the home by then. Belongs
/// to one registry and is as little thread-safe as that.
class shared_users final : user_shard_port {
public:
  using count_promise = caf::typed_response_promise<uint64_t>;

  explicit shared_users(registry_state& registry);

  // -- what happens on this node ------------------------------------------------

  /// A connection wants in: `let_in` or `refuse` answers it, later.
  void enter(const entrance& x);

  /// One is gone, or was told to go.
  void leave(connection_id who, const user_id& user);

  /// One that wanted in is gone before it was.
  void abandon(connection_id who);

  /// A client's message to a user: the client is answered, later.
  void write(private_message&& x);

  /// The HTTP API's.
  void write(user_message&& x, count_promise to);

  /// All connections of a user are to go.
  void expel(const user_id& user, count_promise to);

  /// One that is not here is to go.
  void expel(connection_id who, caf::typed_response_promise<bool> to);

  /// Tells the other nodes.
  void announce(const broadcast& x, event::timestamp at);

  /// Nobody is let in any more.
  void close();

  // -- the cluster --------------------------------------------------------------

  void sit(seating_ptr now);
  void hear(const peer_letter& x);
  void lose(incarnation link_to);
  void beat();

  /// Whether this node is without a home that it may ask: it decides by itself.
  bool isolated() const;

  /// Where a user's home is, as far as this node knows.
  incarnation home_of(const user_id& user) const;

  /// Connections that want in and are not.
  size_t outside() const noexcept { return outside_; }

  /// Who is in here, as it is told to the user's home.
  std::vector<registration::row> rows() const;

  const user_shard& shard() const noexcept { return shard_; }

  /// Whether this message of a client is not answered yet.
  bool is_open(connection_id sender, const request_id& id) const;

  /// What is not answered yet.
  size_t waiting() const noexcept {
    return wishes_.size() + errands_.size() + searches_.size();
  }

private:
  /// A connection whose home has not answered.
  struct wish {
    entrance who;
    /// Whom it was asked of; none where it could not be.
    incarnation home;
    /// Whether it is in already.
    bool inside = false;
    unsigned pauses = 0;
  };

  /// What a user's home is to do, and who waits for that.
  struct errand {
    user_id to;
    /// Of a message; none of a kick.
    std::optional<registration::message> what;
    incarnation home;
    /// Whether any home may know of it, and whether two may.
    bool sent = false;
    bool again = false;
    unsigned pauses = 0;
    /// The client's, without content.
    std::optional<private_message> client = {};
    /// The HTTP API's, in place of that.
    std::optional<count_promise> promise = {};

    /// What it takes in memory.
    size_t bytes() const noexcept;
  };

  /// A connection that other nodes are asked for.
  struct search {
    std::set<incarnation> asked;
    caf::typed_response_promise<bool> promise;
    unsigned pauses = 0;
    /// Whether a node that may have it does not answer.
    bool silence = false;
  };

  // user_shard_port
  bool send(incarnation to, const user_id& user,
            registration::note what) override;

  /// Does something, and all that follows from it here.
  template <class F>
  void turn(F f) {
    calls_.run(f, [this] { settle(); });
  }
  void settle();
  bool post(incarnation home, const user_id& user, registration::note what);
  uint64_t revision() const { return now_->now.revision; }

  // coming and going
  void ask_in(wish& x);
  void decide_alone(wish& x);
  void decide_alone();
  void regroup();
  bool tell_table(incarnation home);

  // errands
  void run(errand&& x);
  void carry(uint64_t number, errand& x);
  uint64_t first_open() const;
  std::optional<errand> finish(uint64_t number);
  void give_up(errand& x);
  void give_up_all();
  void answer(errand& x, uint64_t count);
  void try_again(incarnation home);

  // what other nodes say (shared_users_heard.cpp)
  void hear(incarnation from, const user_id& user, registration::note&& what);
  void take(incarnation from, const user_id& user, const registration::ask& x);
  void take(incarnation from, const user_id& user,
            const registration::grant& x);
  void take(incarnation from, const user_id& user,
            const registration::refusal& x);
  void take(incarnation from, const user_id& user,
            const registration::eviction& x);
  void take(incarnation from, const user_id& user, registration::handover& x);
  void take(incarnation from, const user_id& user,
            const registration::receipt& x);
  void take(incarnation from, const user_id& user,
            const registration::declined& x);
  void take(incarnation from, const user_id& user,
            const registration::expulsion& x);
  void take(incarnation from, const user_id& user, registration::notice& x);
  void take(incarnation from, const user_id& user,
            const registration::kick_one& x);
  void end_search(uint64_t number, bool found);
  template <class F>
  void end_searches(F is_over);

  registry_state& registry_;
  peers& peers_;
  seating_ptr now_ = std::make_shared<seating>();
  user_shard shard_;
  heard_letters heard_;
  /// Those that want in, or are in without their home's leave.
  std::map<connection_id, wish> wishes_;
  /// How many of them are not in.
  size_t outside_ = 0;
  /// Connections that are in by leave of their home, by that.
  std::map<incarnation, std::map<connection_id, registration::row>> rows_;
  /// By number, as they came.
  std::map<uint64_t, errand> errands_;
  /// What they take: at most `max_held_bytes`.
  size_t errands_bytes_ = 0;
  /// Those that were sent again and are done: a copy may still be on its way. For
  /// so many pauses.
  std::map<uint64_t, unsigned> settled_;
  std::map<uint64_t, search> searches_;
  uint64_t last_number_ = 0;
  /// To whom something could not be sent: what is for them waits.
  std::set<incarnation> unreached_;
  /// Whose table of this node may be wrong.
  std::set<incarnation> unsure_;
  /// Who wants a table by a cluster that is not known here yet: its revision.
  std::map<incarnation, uint64_t> early_asks_;
  /// What this node tells itself.
  struct own_note {
    user_id user;
    registration::note what;
  };
  std::deque<own_note> to_self_;
  /// Calls from outside that are under way.
  outermost calls_;
};

} // namespace parlor
