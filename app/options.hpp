// SPDX-License-Identifier: MIT
#pragma once

#include "app/settings.hpp"

#include <caf/actor_system_config.hpp>
#include <caf/pec.hpp>

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace parlor {

/// One key of the configuration.
struct option {
  /// "server.port": what follows `--` on the command line; in the file the key
  /// `port` of the section `[server]`.
  std::string key;
  /// One line for the help.
  std::string_view about;
  /// Which values it has, as in "expected an integer of 0 to 65535".
  std::string takes;
  /// A bare flag on the command line.
  bool flag = false;
  /// A number with a unit of time.
  bool duration = false;
  /// The value as the file has it.
  std::function<std::string()> value;
  /// Takes over what CAF has read; false where that is out of range.
  std::function<bool()> accept;
};

class option_section;

/// The keys of PROTOCOL §7, bound to settings. CAF's own options are taken out:
/// all that an operator may set is here, so that nothing is set unseen.
class configuration : public caf::actor_system_config {
public:
  /// Binds to `target`, whose values are the defaults.
  explicit configuration(settings& target);

  configuration(const configuration&) = delete;
  configuration& operator=(const configuration&) = delete;

  const std::vector<option>& all() const noexcept { return rows_; }

  /// Reads options like "--server.port=80". Returns what is wrong with them.
  std::vector<std::string> read(const std::vector<std::string>& args);

  /// Takes over the content of a file. Returns what is wrong with it.
  std::vector<std::string> read(const caf::settings& keys);

  bool help = false;
  bool version = false;
  bool dump = false;
  bool check = false;
  std::string file;

private:
  void add_server(settings& x);
  void add_tls(settings& x);
  void add_counts(limits& x);
  void add_rates(limits& x);
  void add_sockets(limits& x);
  void add_history(limits& x);
  void add_auth(settings& x);
  void add_policies(settings& x);
  void add_operation(settings& x);
  void add_cluster(cluster_settings& x);
  void add_etcd(cluster_settings& x);

  option_section section(std::string name);

  /// Takes over one value of a file, or the values of a section.
  void read(const std::string& key, const caf::config_value& value,
            std::vector<std::string>& problems);

  const option* find(std::string_view key) const;

  /// What is wrong with an option that CAF does not understand.
  std::string complaint(const std::string& arg, caf::pec why) const;

  std::vector<option> rows_;
};

} // namespace parlor
