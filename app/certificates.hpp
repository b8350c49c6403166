// SPDX-License-Identifier: MIT
#pragma once

#include "app/settings.hpp"
#include "tls/context.hpp"

#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace parlor {

/// Before a certificate ends it is warned of for so long.
inline constexpr std::chrono::hours certificate_warning{30 * 24};

/// One file of certificates that is in use.
struct certificate_file {
  /// The option that names it.
  std::string key;
  std::string path;
  /// Of authorities: since ever, until the last of them ends.
  tls::validity lasts;
};

/// All of them, in the order of the options.
std::vector<certificate_file> certificates_of(const settings& x);

enum class certificate_state : uint8_t { good, ends_soon, out_of_date };

certificate_state judge(const tls::validity& x, tls::validity::time_point now);

/// When they end, in seconds since 1970, by the options that could name them; 0
/// where none is named.
std::map<std::string, uint64_t>
certificate_ends(const std::vector<certificate_file>& of);

/// Reads the files of TLS that the settings name, for clients, other nodes and
/// etcd; what is wrong with them, a line each. A node without a cluster reads
/// nothing for one.
std::vector<std::string> read_certificates(settings& x);

} // namespace parlor
