// SPDX-License-Identifier: MIT
#pragma once

#include "actors/assembly.hpp"
#include "actors/memory_pool.hpp"
#include "actors/outermost.hpp"
#include "actors/replica.hpp"
#include "messages/envelopes.hpp"
#include "messages/from_peers.hpp"
#include "messages/peers.hpp"
#include "messages/proceedings.hpp"
#include "messages/to_room.hpp"

#include <caf/typed_response_promise.hpp>

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace parlor {

struct environment;
struct room_state;

/// A room's order where it has a part on several nodes. What happens here goes
/// to the room's home by the replica; what the home makes of it comes back to
/// all nodes in one order, and each room tells its own members. Belongs to one
/// room and is as little thread-safe as that.
class shared_order final : replica_port, memory_holder {
public:
  /// Who waits for the answer to a message.
  struct asker {
    connection_id from;
    request_id id;
    dialect speaks = dialect::typed;
    /// Of the HTTP API, in place of the others.
    std::optional<caf::typed_response_promise<post_receipt>> promise = {};
  };

  explicit shared_order(room_state& room);

  // -- what happens on this node ------------------------------------------------

  /// A connection wants in, in the place of one that has vanished if there is
  /// one: `take_in` or `refuse` answers it, later.
  void arrive(const join& x, connection_id stand_in);

  /// One that wanted in is gone before it was.
  void abandon(connection_id who);

  /// One that was in is not any more.
  void depart(connection_id who, const user_id& user, departure why);

  /// False where too much is under way, or this node may say nothing.
  bool say(proceedings::chat what, asker who);

  /// What a member says of itself; false as for `say`.
  bool present(proceedings::presence what);

  /// Told to the members on other nodes, if that goes.
  void pass_on(const event::signal& what);

  // -- the cluster --------------------------------------------------------------

  void sit(seating_ptr now);
  void hear(const peer_letter& x);
  void lose(incarnation link_to);
  void beat();

  /// The room ends here. Where it has failed, nobody is told.
  void end(bool failed);

  /// It has failed: who wants in is refused, and nobody is in from here.
  void fail();

  /// Whether it may: nobody is in here, and nobody needs this replica.
  bool may_end() const;

  bool leads() const { return replica_.leads(); }

  /// Whether what was said is kept here for others, while nobody is in: of a
  /// node that is out nobody knows what the others have.
  bool keeps() const { return replica_.leads() || !replica_.is_in(); }

  bool wants_in(connection_id who) const { return arriving_.contains(who); }

  const assembly& everyone() const noexcept { return everyone_; }
  const replica& part() const noexcept { return replica_; }

  /// Memory of the log that the pool may have back.
  size_t kept_bytes() const noexcept { return kept_.bytes(); }

private:
  /// A join that has no place yet.
  struct arrival {
    join what;
    /// Of the command that asks for one; 0 while it could not be given.
    uint64_t number = 0;
    /// Beats that it has waited.
    unsigned pauses = 0;
  };

  /// Who waits for the fate of a message.
  struct attempt {
    asker who;
    /// It is the one that brought the message, and is served with it.
    bool first = true;
    bool served = false;
    /// Beats that it has waited.
    unsigned pauses = 0;
  };

  /// By its owner and its key.
  using message_key = std::pair<user_id, std::string>;

  /// A message of this node's whose fate is open: its command is the replica's.
  struct said {
    /// Empty where it has none.
    message_key key;
    /// Nobody where all have waited for long.
    std::vector<attempt> attempts;
    /// Once it has a place: its number for clients.
    std::optional<place> at = {};
  };

  // replica_port
  void send(incarnation to, replication::letter what) override;
  void judge(replication::command& what) override;
  void append(const replication::entry& what) override;
  void undo(const replication::entry& what) override;
  void skip(const place& to, const std::string& state, uint64_t upto) override;
  std::string state() const override;
  void open(const parlor::epoch& in) override;
  void confirm(uint64_t number, std::optional<place> at) override;
  void give_up(uint64_t number) override;
  bool fenced() const override;
  uint64_t next_opening() override;

  // memory_holder
  bool give_way() override;

  void count_kept();

  /// Does something, and then what has become due by it.
  template <class F>
  void turn(F f) {
    calls_.run(f, [this] { settle(); });
  }

  void settle();
  std::optional<place> said_before(const proceedings::chat& x) const;
  bool await_first(const message_key& key, asker& who);
  said end_said(std::map<uint64_t, said>::iterator which);
  std::optional<uint64_t> submit(const proceedings::command& what);
  bool submit_losses();
  void remove_ghosts();
  void note_settled();
  bool is_empty_home() const;
  void begin_another_stay();
  void submit_presence();
  void give_up_late();
  void hear_signal(incarnation from, const event::signal& x);
  void tell_followers(const room_note& what, incarnation except = {});

  // how connections come and go (shared_order_joins.cpp)
  void submit_changes();
  bool submit(std::span<const proceedings::attendance::change> some);
  bool may_be_in(connection_id who, const arrival& x) const;
  void ask_in(const join& x);
  void ask_again(uint64_t number);
  void give_up_joins();
  void give_back(std::span<const arrival> late, departure why);

  // what the home makes of commands (shared_order_judge.cpp)
  bool gives_seat(std::span<const proceedings::attendance::change> behind,
                  const user_id& user, incarnation from) const;
  void judge(const proceedings::attendance& x, incarnation from,
             proceedings::ruling& result) const;
  void judge(const proceedings::loss& x, incarnation from,
             proceedings::ruling& result) const;
  void judge(const proceedings::chat& x, incarnation from,
             proceedings::ruling& result) const;
  void judge(const proceedings::presence& x, incarnation from,
             proceedings::ruling& result) const;

  // what entries do here (shared_order_apply.cpp)

  /// An entry on its way into the room.
  struct applied {
    incarnation from;
    /// The number of this replica's own command; 0 where it is another's.
    uint64_t own;
    /// Of the last thing that it has said.
    place at;
    const proceedings::ruling& decided;
    /// Whether the room has what it did already, and only keeps it.
    bool known;
  };

  void apply(const proceedings::attendance& x, applied& e);
  void forget_presence(const user_id& user, connection_id who);
  void apply(const proceedings::loss& x, applied& e);
  void apply(const proceedings::chat& x, applied& e);
  void apply(const proceedings::presence& x, applied& e);
  void come(const proceedings::attendance::change& x, proceedings::outcome how,
            applied& e);
  void go(const proceedings::attendance::change& x, proceedings::outcome how,
          applied& e);

  void undo(const proceedings::attendance& x, incarnation from,
            const proceedings::ruling& decided);

  room_state& room_;
  peers& peers_;
  seating_ptr now_;
  replica replica_;
  /// What of its log has a place for good: the rest has to stay.
  memory_share kept_;
  /// As `peers` know this room, and since which view they know it to be settled.
  uint64_t opening_;
  uint64_t settled_in_ = 0;
  assembly everyone_;
  /// What of the log is in `everyone_` already.
  uint64_t known_ = 0;
  std::map<connection_id, arrival> arriving_;
  /// Comings and goings that have to wait.
  std::vector<proceedings::attendance::change> changes_;
  /// What members of this node say of themselves, as long as they are in.
  std::map<connection_id, proceedings::presence> shown_;
  /// Whose of it this stay has not said yet.
  std::set<connection_id> unshown_;
  /// By the number of their commands.
  std::map<uint64_t, said> said_;
  /// Those that have a key.
  std::map<message_key, uint64_t> said_by_key_;
  /// To whom something could not be sent.
  std::set<incarnation> unreached_;
  /// Calls from outside that are under way: a reply to one is no reason to
  /// begin the next.
  outermost calls_;
  /// Beats since anybody said anything.
  unsigned quiet_ = 0;
  /// Whether those who are in from here are those who should be, since it has
  /// caught up.
  bool reconciled_ = false;
  /// Whether what members were told last is void, and they do not know it.
  bool taken_back_ = false;
  /// The home has ended the room.
  bool closed_ = false;
};

} // namespace parlor
