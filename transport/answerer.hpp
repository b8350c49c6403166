// SPDX-License-Identifier: MIT
#pragma once

#include "messages/ids.hpp"
#include "messages/ports.hpp"
#include "messages/to_admin.hpp"
#include "transport/net.hpp"
#include "transport/thread_context.hpp"

#include <atomic>
#include <memory>

namespace parlor::transport {

/// Brings the answer of one request back to its HTTP session, which may be
/// gone by then. Thread-safe: the first answer counts, and a request that is
/// dropped unanswered gets 500.
class answerer final : public api_answerer {
public:
  /// `serial` counts the requests of the session.
  answerer(std::shared_ptr<return_path> way, connection_id who,
           uint64_t serial);
  ~answerer() override;

  answerer(const answerer&) = delete;
  answerer& operator=(const answerer&) = delete;

  void answer(api_answer what) override;

private:
  std::shared_ptr<return_path> way_;
  connection_id who_;
  uint64_t serial_;
  std::atomic<bool> answered_ = false;
};

/// Answers a question for the health or the metrics on the asker's own thread
/// when admin does not within `health_patience`: its thread may be the one that
/// is stuck.
void answer_without_admin(asio::io_context& loop, api_call asked,
                          const std::shared_ptr<answerer>& reply);

} // namespace parlor::transport
