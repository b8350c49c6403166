// SPDX-License-Identifier: MIT
#pragma once

#include "cluster/address.hpp"
#include "cluster/name_service.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace parlor::cluster {

/// Where an address is, within a time. An address in numbers is where it says; a
/// name is looked up. One question at a time; lives on the loop's thread, as
/// does the coroutine that asks, which ends before it.
class resolver {
public:
  using endpoints = std::vector<boost::asio::ip::tcp::endpoint>;

  explicit resolver(boost::asio::io_context& loop,
                    name_service& names = name_service::system());
  ~resolver();

  resolver(const resolver&) = delete;
  resolver& operator=(const resolver&) = delete;

  /// Empty where it is not known by then, with the reason in `problem`.
  boost::asio::awaitable<endpoints> resolve(address at,
                                            std::chrono::milliseconds patience,
                                            std::string& problem);

  /// What is asked is not known, whatever may be.
  void cancel();

private:
  /// How an answer gets to the loop, while there is one.
  struct way {
    std::mutex mutex;
    boost::asio::io_context* loop;
    /// On the loop's thread alone.
    std::optional<looked_up> answer;
    boost::asio::steady_timer* waits = nullptr;
  };

  /// The answer that is on its way will go nowhere.
  void forget();

  boost::asio::io_context& loop_;
  name_service& names_;
  std::shared_ptr<way> way_;
  boost::asio::steady_timer timer_;
  bool canceled_ = false;
};

} // namespace parlor::cluster
