// SPDX-License-Identifier: MIT
#pragma once

#include "cluster/links/loop_host.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>

#include <functional>
#include <thread>
#include <utility>

namespace parlor::test {

/// A thread for links to live on.
class loop_thread {
public:
  ~loop_thread() {
    boost::asio::post(io_, [this] { stopped_ = true; });
    thread_.join();
  }

  cluster::loop_host lent() {
    return {&io_,
            [this](std::function<void()> what) { end_turn_ = std::move(what); },
            [this] { boost::asio::post(io_, [] {}); }};
  }

private:
  void run() {
    while (!stopped_) {
      io_.run_one();
      io_.poll();
      if (end_turn_)
        end_turn_();
    }
  }

  boost::asio::io_context io_{1};
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type>
    guard_{io_.get_executor()};
  bool stopped_ = false;
  std::function<void()> end_turn_;
  std::thread thread_{[this] { run(); }};
};

} // namespace parlor::test
