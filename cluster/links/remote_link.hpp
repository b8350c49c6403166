// SPDX-License-Identifier: MIT
#pragma once

#include "cluster/limits.hpp"
#include "cluster/links/outbound.hpp"
#include "cluster/links/root_line.hpp"
#include "cluster/version.hpp"
#include "messages/links.hpp"
#include "telemetry/log.hpp"

#include <cstdint>
#include <memory>
#include <utility>

namespace parlor::cluster {

/// One link as its owner has it. Thread-safe.
class remote_link final : public link {
public:
  remote_link(node_id peer, incarnation stay, uint32_t version,
              uint64_t session, std::shared_ptr<root_line> line)
    : peer_{std::move(peer)},
      stay_{stay},
      version_{version},
      session_{session},
      line_{std::move(line)} {}

  const node_id& peer() const noexcept override { return peer_; }

  incarnation stay() const noexcept override { return stay_; }

  uint32_t version() const noexcept override { return version_; }

  bool send(envelope what) override {
    auto size = what.body->size();
    auto verdict = waiting_.push(std::move(what));
    if (verdict == outbound::verdict::wake)
      line_->send(look_again{session_});
    if (verdict == outbound::verdict::too_large)
      log::error("envelope too large", {{"node", peer_.str()}, {"bytes", size}});
    return verdict == outbound::verdict::wake
           || verdict == outbound::verdict::queued;
  }

  void taken(uint64_t frame) override {
    line_->send(taken_up_to{session_, frame});
  }

  /// For the root alone.
  outbound& waiting() noexcept { return waiting_; }

private:
  node_id peer_;
  incarnation stay_;
  uint32_t version_;
  /// The root's number for it.
  uint64_t session_;
  std::shared_ptr<root_line> line_;
  outbound waiting_{{link_window, frame_envelopes, frame_bytes, link_envelopes,
                     link_bytes, largest_envelope},
                    version_ >= takes_pieces};
};

} // namespace parlor::cluster
