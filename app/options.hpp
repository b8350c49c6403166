// SPDX-License-Identifier: MIT
#pragma once

#include "app/ini.hpp"
#include "app/option_value.hpp"
#include "app/settings.hpp"

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
  /// Which values it has, as in "expected 0 to 65535".
  std::string takes;
  /// What an error says behind that.
  std::string_view hint;
  /// A bare flag on the command line.
  bool flag = false;
  /// The value as the file has it.
  std::function<std::string()> value;
  /// Takes a value over; false, and nothing changes, where it is not one of those.
  std::function<bool(const option_value&)> accept;

  std::string expected() const { return takes + std::string{hint}; }
};

class option_section;

/// The keys of the configuration, bound to settings. Command line and file are
/// read by ourselves (decision 0047).
class configuration {
public:
  /// Binds to `target`, whose values are the defaults.
  explicit configuration(settings& target);

  configuration(const configuration&) = delete;
  configuration& operator=(const configuration&) = delete;

  const std::vector<option>& all() const noexcept { return rows_; }

  /// Reads options like "--server.port=80". Returns what is wrong with them.
  std::vector<std::string> read(const std::vector<std::string>& args);

  /// Takes over the content of a file. Returns what is wrong with it.
  std::vector<std::string> read(const std::vector<ini_entry>& entries);

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

  /// Returns what is wrong with one argument, or nothing.
  std::string read(const std::string& arg);

  /// What is done in place of serving, or nullptr.
  bool* find_command(std::string_view name);

  const option* find(std::string_view key) const;

  std::vector<option> rows_;
};

} // namespace parlor
