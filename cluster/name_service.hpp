// SPDX-License-Identifier: MIT
#pragma once

#include <boost/asio/ip/address.hpp>

#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

namespace parlor::cluster {

/// What the system knows of a name.
struct looked_up {
  /// Empty where there are addresses.
  std::string problem;
  std::vector<boost::asio::ip::address> addresses;
};

/// Asks the system's resolver on threads that nobody waits for: it has no time
/// limit that could be set, and one name must not wait for another. Lives as long
/// as the process, as a look-up may. Thread-safe.
class name_service {
public:
  using callback = std::function<void(const looked_up&)>;
  using function = std::function<looked_up(const std::string&)>;

  /// The process's own.
  static name_service& system();

  explicit name_service(function look_up) : look_up_{std::move(look_up)} {}

  /// Calls back once, on any thread, perhaps at once. Who asks for a name that is
  /// being looked up gets that answer.
  void ask(const std::string& host, callback then);

  /// What was answered last where that was good: better than nothing while the
  /// resolver is silent.
  looked_up last_known(const std::string& host);

private:
  void answer(const std::string& host);

  function look_up_;
  std::mutex mutex_;
  /// Who waits for the names that are being looked up.
  std::map<std::string, std::vector<callback>> waiting_;
  std::map<std::string, looked_up> known_;
};

} // namespace parlor::cluster
