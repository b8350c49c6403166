// SPDX-License-Identifier: MIT
#pragma once

#include "messages/error.hpp"
#include "messages/handles.hpp"
#include "messages/ports.hpp"
#include "transport/both_forms.hpp"
#include "transport/control_rate.hpp"
#include "transport/frame_reader.hpp"
#include "transport/heartbeat.hpp"
#include "transport/net.hpp"
#include "transport/outbox.hpp"
#include "transport/poller.hpp"
#include "transport/thread_context.hpp"
#include "transport/upgrade.hpp"

#include <exception>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace parlor::transport {

/// One WebSocket connection, from its accepted upgrade to the end of its
/// socket: hands messages to its actor as long as these are served, and tells
/// it once how the connection ended. Not thread-safe: lives on its I/O thread,
/// in its thread's table, and to the end of the turn in which it leaves that.
class ws_session final : public outbox_owner, public poll_target {
public:
  /// A socket on which an upgrade was asked for.
  struct takeover {
    stream socket;
    /// What the client has sent behind its request.
    std::string early;
    /// The kernel may have more to read.
    bool readable = false;
    /// What it has ends.
    bool ends = false;
  };

  /// Takes a socket over and answers the upgrade.
  static void start(thread_context& context, takeover from,
                    accepted_upgrade upgrade);

  ws_session(thread_context& context, takeover from,
             const accepted_upgrade& upgrade);

  // -- what its actor wants, see messages/ports.hpp ---------------------------

  void push(both_forms& what) { out_.push(what.of(out_.reach())); }

  /// Whether what may be left out should be.
  bool lags() const noexcept { return out_.lags(); }

  /// Keeps a frame for the time when it is admitted.
  void keep(const frame& what);
  std::vector<frame> take_kept();

  /// Memory for what its socket did not take.
  size_t held() const noexcept { return out_.held(); }

  /// Gives most of that memory back: closes it as a slow consumer, at once where
  /// a close is under way already.
  void shed() noexcept;

  /// Whether what it holds is for a client that is sent home.
  bool closes() const noexcept { return phase_ >= phase::closing; }

  void hear();
  void admit();
  void wake(clock::time_point at);
  void served();
  void all_served();
  bool may_serve(size_t held, size_t most);

  /// Room for so much of an answer, whatever waits.
  void grant(size_t bytes) noexcept { out_.grant(bytes); }

  void close(close_code code, std::string_view reason);
  socket_vitals vitals() const;

  connection_id id() const noexcept { return id_; }

  dialect speaks() const noexcept { return speaks_; }

  bool admitted() const noexcept { return admitted_ && phase_ == phase::open; }

  // -- what its thread wants --------------------------------------------------

  /// Whether it may still be admitted.
  bool awaits_admission() const noexcept {
    return !admitted_ && phase_ <= phase::open;
  }

  /// The timer wheel's visit.
  void on_visit(timer_wheel::tick due);

  /// This thread did nothing for so long: that is not the peer's silence.
  void excuse(clock::duration pause);

  /// The service stops: sends one home whom nobody else knows of, as it was
  /// not admitted.
  void turn_away();

  /// Closes the socket at once.
  void abort() noexcept;

  // -- what its socket wants --------------------------------------------------

  void on_ready(readiness what) noexcept override;
  void on_blocked() override { arrange_visit(); }
  void on_trouble(trouble what) noexcept override;
  void on_shut() noexcept override;

private:
  enum class phase : uint8_t {
    /// Not read.
    entering,
    /// Read, though perhaps not admitted.
    open,
    /// The peer has said its last: what it said before is served yet.
    ending,
    /// A close frame is on its way; the peer's is awaited.
    closing,
    /// All is said on both sides; what the peer still sends is dropped.
    lingering,
    /// The socket is closed.
    gone,
  };

  void begin(accepted_upgrade upgrade);
  bool is_crowded() const;
  void begin_echo();

  bool wants_input() const noexcept;
  bool read();
  void read_some();
  void read_later() noexcept;
  void read_again() noexcept;
  void understand(std::span<char> input);
  bool says_too_little(finding what);
  void expel();
  void deliver(std::string text);
  void echo(std::string_view message);
  void go_on_echoing();
  bool has_room_for(size_t under_way);
  void go_on_serving();
  void on_close_frame();
  void break_off(close_code code, std::string_view reason);
  void on_end_of_input();
  void on_last_word();
  bool owes() const noexcept;
  void end_when_served();
  void say_goodbye();
  void say_goodbye(close_code code, std::string_view reason);

  void close_slow();
  void conclude();
  void end_dead();
  void depart(farewell how);
  void finish(farewell how);
  void arrange_visit();
  clock::time_point due() const;
  bool stalled(clock::time_point now) const;
  bool overdue(clock::time_point now) const;
  void judge_late();
  void judge(clock::time_point now);

  void fail(const std::exception& why) noexcept;

  /// Runs a handler; one that throws ends the session.
  template <class F>
  void guarded(F f) noexcept {
    try {
      f();
    } catch (const std::exception& e) {
      fail(e);
    }
  }

  outbox out_;
  thread_context& context_;
  connection_id id_;
  connection_actor actor_;
  frame_reader reader_;
  /// What was read but not understood yet: part of a frame's head, or more than
  /// the credit allows.
  std::string rest_;
  /// What is to be said once it is admitted, and how many bytes that is.
  std::vector<frame> kept_;
  size_t kept_bytes_ = 0;
  /// Messages that the actor has not served yet.
  uint32_t unserved_ = 0;
  /// Down to how many of them the actor waits for, to go on; 0 where it does
  /// not wait.
  uint32_t awaited_ = 0;
  dialect speaks_;
  phase phase_ = phase::entering;
  bool admitted_ = false;
  /// Messages go back to the client; there is no actor.
  bool echoes_;
  /// It has sent what nobody needs, and its actor closes it.
  bool expelled_ = false;
  /// Its time is judged once what came was read.
  bool visited_ = false;
  /// The kernel may have more to read.
  bool readable_ = false;
  /// What it has ends.
  bool ends_ = false;
  /// The end was read.
  bool ended_ = false;
  /// All was sent, and the peer was told so.
  bool shut_ = false;
  /// The actor has been told of the end.
  bool departed_ = false;
  appointment visit_;
  /// When its actor wants to be woken.
  clock::time_point alarm_ = clock::time_point::max();
  heartbeat heart_;
  control_rate controls_;
  /// Since when the phase lasts.
  clock::time_point since_;
  /// How this connection ends; 1006 unless somebody closes it.
  farewell how_;
};

} // namespace parlor::transport
