// SPDX-License-Identifier: MIT
#include "transport/outbox.hpp"

#include <exception>
#include <span>
#include <utility>

namespace parlor::transport {

namespace {

/// Control frames always have room; a peer that makes us store this many
/// bytes of them reads nothing and is no better than any slow consumer.
constexpr size_t control_reserve = 65536;

/// Up to here, bytes that had to wait are sent together with new frames.
constexpr size_t worth_joining = 16384;

/// Tells a turn how the memory of an outbox changes in a scope.
class held_change {
public:
  held_change(turn& now, const outbox& box) noexcept
    : now_{now}, box_{box}, before_{box.held()} {}

  ~held_change() {
    now_.count_held(static_cast<ptrdiff_t>(box_.held() - before_));
  }

  held_change(const held_change&) = delete;
  held_change& operator=(const held_change&) = delete;

private:
  turn& now_;
  const outbox& box_;
  size_t before_;
};

/// Bytes of the frame of ours that begins there (RFC 6455, 5.2); not less than
/// what is there where its head is not whole.
size_t frame_size(std::string_view from) noexcept {
  constexpr size_t two_bytes = 126;
  constexpr size_t eight_bytes = 127;
  auto byte = [&](size_t i) { return static_cast<unsigned char>(from[i]); };
  if (from.size() < 2)
    return from.size();
  size_t size = byte(1) & 0x7F;
  size_t length_bytes = size == two_bytes ? 2 : size == eight_bytes ? 8 : 0;
  if (from.size() < 2 + length_bytes)
    return from.size();
  if (length_bytes > 0)
    size = 0;
  for (size_t i = 0; i < length_bytes; ++i)
    size = size << 8 | byte(2 + i);
  return 2 + length_bytes + size;
}

} // namespace

void outbox::begin(std::string_view answer) {
  append(answer);
  begins_ = stored_.size();
}

void outbox::append(std::string_view bytes) {
  if (dead_ || sealed_)
    return;
  store_queue();
  if (waiting() + bytes.size() > capacity_ + granted_ + control_reserve) {
    fail(trouble::overflow);
    return mark();
  }
  store(bytes);
}

void outbox::append_last(std::string_view close_frame) {
  if (dead_ || sealed_)
    return;
  store_queue();
  sealed_ = true;
  listening_ = false;
  store(close_frame);
}

void outbox::store(std::string_view bytes) {
  held_change change{turn_, *this};
  if (stored_.empty())
    progress_at_ = clock::now();
  stored_ += bytes;
  mark();
}

void outbox::shut_when_drained() {
  listening_ = false;
  shutting_ = true;
  mark();
}

void outbox::writable() {
  auto waits = std::exchange(blocked_, false) || socket_.waiting() > 0;
  if (waits && !dead_)
    mark();
}

void outbox::mark() {
  if (marked_)
    return;
  turn_.mark(*this);
  marked_ = true;
}

void outbox::flush() noexcept {
  try {
    if (dead_)
      return release();
    if (socket_.waiting() > 0 && !blocked_) {
      send_held();
      if (dead_)
        return;
    }
    if (!stored_.empty() && !blocked_) {
      if (stored_.size() <= worth_joining)
        store_queue();
      send_stored();
    }
    if (blocked_)
      store_queue();
    else
      send_queue();
  } catch (const std::exception&) {
    // Out of memory: the order of bytes is lost, and the connection with it.
    fail(trouble::broken);
  }
  if (granted_ > 0 && has_room())
    granted_ = 0;
  if (turn_.holds_too_much())
    turn_.relieve();
}

void outbox::end_of_turn() noexcept {
  marked_ = false;
  flush();
  if (shutting_ && !dead_ && drained())
    shut();
  if (trouble_ > told_) {
    told_ = trouble_;
    owner_.on_trouble(trouble_);
  }
}

void outbox::shut() noexcept {
  held_change change{turn_, *this};
  if (!socket_.shut())
    return;
  shutting_ = false;
  owner_.on_shut();
}

size_t outbox::transmit(std::string_view bytes) noexcept {
  turn_.count_send();
  auto sent = socket_.is_secure() ? seal(bytes) : socket_.write(bytes);
  if (sent < 0) {
    fail(trouble::broken);
    return 0;
  }
  passed_ += static_cast<size_t>(sent);
  turn_.count_sent(static_cast<size_t>(sent));
  return static_cast<size_t>(sent);
}

ptrdiff_t outbox::seal(std::string_view bytes) noexcept {
  held_change change{turn_, *this};
  return socket_.write(bytes);
}

/// What TLS has taken and the kernel has not; nothing goes before it.
void outbox::send_held() {
  held_change change{turn_, *this};
  if (!socket_.flush())
    return fail(trouble::broken);
  if (socket_.waiting() > 0)
    block();
}

intake outbox::read(std::span<char> into) noexcept {
  if (!socket_.is_secure())
    return socket_.read(into);
  // It may have to answer.
  held_change change{turn_, *this};
  return socket_.read(into);
}

void outbox::send_queue() {
  size_t done = 0;
  while (done < count_) {
    size_t taken = 0;
    auto piece = turn_.gather({queue_.data() + done, count_ - done}, taken);
    auto sent = transmit(piece);
    if (dead_)
      return;
    done += taken;
    if (sent < piece.size() || socket_.waiting() > 0) {
      progress_at_ = clock::now();
      begins_ = 0;
      for (auto i = done - taken; begins_ < sent; ++i)
        begins_ += turn_.bytes(queue_[i]).size();
      begins_ -= sent;
      {
        held_change change{turn_, *this};
        stored_.assign(piece.substr(sent));
      }
      block();
      return store_queue(done);
    }
  }
  count_ = 0;
}

void outbox::send_stored() {
  auto sent = transmit(std::string_view{stored_}.substr(taken_));
  if (dead_)
    return;
  taken_ += sent;
  if (taken_ < stored_.size())
    return block();
  clear();
  if (socket_.waiting() > 0)
    block();
}

void outbox::store_queue(size_t from) {
  auto count = count_;
  count_ = 0;
  if (from == count)
    return;
  held_change change{turn_, *this};
  // Bytes that are gone are moved over only when they are the larger part.
  if (taken_ > stored_.size() / 2) {
    begins_ = next_frame() - taken_;
    stored_.erase(0, taken_);
    taken_ = 0;
  }
  for (auto i = from; i < count; ++i) {
    if (stored_.size() - taken_ > capacity_ + granted_) {
      turn_.count_drop(drop::overflow, size_t{count} - i);
      return fail(trouble::overflow);
    }
    if (stored_.empty())
      progress_at_ = clock::now();
    stored_ += turn_.bytes(queue_[i]);
  }
}

/// With TLS it is a little more that is under way than was passed on, so that
/// what the peer has taken is a little more than this.
uint64_t outbox::look(clock::time_point now) noexcept {
  looked_at_ = now;
  auto taken = passed_ - std::min<uint64_t>(passed_, socket_.under_way());
  if (taken > taken_by_peer_) {
    taken_by_peer_ = taken;
    progress_at_ = now;
  }
  return taken_by_peer_;
}

void outbox::block() {
  blocked_ = true;
  look(clock::now());
  owner_.on_blocked();
}

size_t outbox::waiting() const noexcept {
  auto result = socket_.waiting() + stored_.size() - taken_;
  for (size_t i = 0; i < count_; ++i)
    result += turn_.bytes(queue_[i]).size();
  return result;
}

size_t outbox::next_frame() const noexcept {
  auto result = begins_;
  while (result < taken_)
    result += frame_size(std::string_view{stored_}.substr(result));
  return result;
}

void outbox::cut() {
  turn_.count_drop(drop::overflow, count_);
  count_ = 0;
  auto end = next_frame();
  if (dead_ || end >= stored_.size())
    return;
  std::string rest{stored_, taken_, end - taken_};
  held_change change{turn_, *this};
  stored_.swap(rest);
  begins_ = end - taken_;
  taken_ = 0;
  mark();
}

void outbox::clear() noexcept {
  held_change change{turn_, *this};
  std::string{}.swap(stored_);
  taken_ = 0;
  begins_ = 0;
}

void outbox::release() noexcept {
  count_ = 0;
  clear();
}

void outbox::fail(trouble what) noexcept {
  listening_ = false;
  if (what == trouble::broken) {
    dead_ = true;
    release();
  }
  if (what > trouble_)
    trouble_ = what;
}

void outbox::close() noexcept {
  fail(trouble::broken);
  told_ = trouble::broken;
  held_change change{turn_, *this};
  socket_.close();
}

} // namespace parlor::transport
