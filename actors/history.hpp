// SPDX-License-Identifier: MIT
#pragma once

#include "actors/memory_pool.hpp"
#include "messages/dialect.hpp"
#include "messages/events.hpp"
#include "messages/frame.hpp"
#include "messages/limits.hpp"
#include "messages/recovery.hpp"

#include <boost/circular_buffer.hpp>
#include <boost/container/deque.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

namespace parlor {

/// The last of what was sequenced in a room, without a hole: chats, and the
/// joins and leaves between them. Bounded by the number of chats, by age and by
/// memory, the room's own and all rooms' together; the oldest goes first.
/// Each entry is encoded at most once for each dialect, however many ask for
/// it; a chat or a leave not even that, where it was told live. A value without
/// a clock: the time is told, and is monotonic.
class history final : memory_holder {
public:
  using clock = std::chrono::steady_clock;

  /// The log of a room that opens with nothing in it.
  history(room_name room, const parlor::epoch& opening, const limits& within,
          std::shared_ptr<memory_pool> pool);

  /// Adds what was sequenced now; `said` is what members were told. Everything
  /// sequenced has to be added, in order.
  void add(const parlor::epoch& in, event::chat&& what, const frames& said,
           clock::time_point now);
  void add(const parlor::epoch& in, event::left&& what, const frames& said,
           clock::time_point now);

  /// The same; `silent` keeps it from those who speak `text`.
  void add(const parlor::epoch& in, event::joined&& what, bool silent,
           clock::time_point now);

  /// All that came after this place, oldest first; nothing where any of it is
  /// gone, or the place never was.
  std::optional<std::vector<frame>> since(const place& known, dialect to,
                                          clock::time_point now);

  /// The last chats numbered below `before`, at most so many, oldest first.
  std::vector<frame> chats(uint64_t before, uint64_t most, dialect to,
                           clock::time_point now);

  /// What is numbered above is void: it was never said.
  void truncate(uint64_t seq);

  /// The room goes on in another epoch, behind this number.
  void reopen(const place& at);

  /// Begins anew: nothing is known of what was said so far.
  void restart();

  /// Forgets what is too old.
  void expire(clock::time_point now);

  /// When the youngest entry will be too old; none where there is none.
  std::optional<clock::time_point> end() const;

  /// Whether there ever was a chat.
  bool published() const noexcept { return published_; }

  bool empty() const noexcept { return entries_.empty(); }

  /// Entries of every kind.
  size_t size() const noexcept { return entries_.size(); }

  /// Memory that it takes, about.
  size_t bytes() const noexcept { return share_.bytes(); }

  /// The same as the pool counts it.
  size_t charged() const noexcept { return share_.charged(); }

private:
  enum class kind : uint8_t { chat, joined, left };

  struct entry {
    place at;
    clock::time_point entered;
    event::timestamp time;
    user_id user;
    event::raw_json content;
    /// As it is replayed; filled in as dialects ask for it.
    frames said;
    kind what;
    departure reason = departure::left;
    bool silent = false;
    bool from_api = false;
    /// Memory that it takes, as it was counted.
    size_t weight = 0;
  };

  bool give_way() override;
  void add(entry&& x);
  void reserve(size_t capacity);
  void shrink();
  const frame& frame_of(entry& x, dialect to);
  frame encode(const entry& x, dialect to) const;
  boost::circular_buffer<entry>::iterator behind(const place& known);
  void pop();
  void trim();
  static size_t weight(const entry& x);

  room_name room_;
  const limits& within_;
  memory_share share_;
  boost::circular_buffer<entry> entries_;
  /// Of which there are chats.
  size_t chats_ = 0;
  /// The place directly before the oldest entry.
  place before_;
  /// Where the room went on in another epoch, since the oldest entry.
  boost::container::deque<place> openings_;
  bool published_ = false;
};

} // namespace parlor
