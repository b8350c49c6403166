// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <variant>

/// What the configuration asks of the system.
namespace parlor {

/// How many connections the process may have: raises the soft limit of
/// descriptors to the hard one and leaves 64 + 5% for everything else. At
/// least 1.
size_t connections_by_descriptors();

/// The same without the system: for a limit of descriptors. Pure.
size_t connections_by_descriptors(size_t limit) noexcept;

/// I/O threads for `server.threads`: 0 is the cores that the process may use.
size_t io_threads(size_t configured) noexcept;

struct bad_token {
  std::string reason;
};

/// The token in a file, without white space around it: 16 to 4096 printable
/// ASCII characters. Refused where others than the owner and the group can
/// read or write the file.
std::variant<std::string, bad_token> read_token(const std::string& path);

/// What is in the file of a key, at most 64 KiB. A secret is refused where
/// others than the owner and the group can read or write the file.
std::variant<std::string, bad_token> read_key_file(const std::string& path,
                                                   bool secret);

/// What is in a file of certificates, at most 1 MiB: anybody may read it.
std::variant<std::string, bad_token>
read_certificate_file(const std::string& path);

/// Whether connections to this IP address come from this machine alone.
bool is_loopback(const std::string& address);

/// Whether it is an IPv4 or IPv6 address.
bool is_address(const std::string& text);

} // namespace parlor
