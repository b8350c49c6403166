// SPDX-License-Identifier: MIT
#include "app/options_system.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <thread>
#include <utility>

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

namespace parlor {

namespace {

/// What an unlimited number of descriptors is taken for.
constexpr rlim_t most_descriptors = 1 << 20;

constexpr size_t min_token = 16;
constexpr size_t max_token = 4096;

/// Room for a token and the white space around it.
constexpr size_t max_token_file = max_token + 256;

constexpr size_t max_key_file = 65536;

/// Room for all authorities of a system.
constexpr size_t max_certificate_file = 1 << 20;

class descriptor {
public:
  explicit descriptor(const std::string& path)
    : fd_{open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)} {}

  ~descriptor() {
    if (fd_ >= 0)
      close(fd_);
  }

  descriptor(const descriptor&) = delete;
  descriptor& operator=(const descriptor&) = delete;

  int get() const noexcept { return fd_; }

private:
  int fd_;
};

/// What is in a file, up to `most` bytes and one.
std::optional<std::string> content_of(int fd, size_t most) {
  std::string result(most + 1, '\0');
  size_t size = 0;
  while (size < result.size()) {
    auto n = read(fd, result.data() + size, result.size() - size);
    if (n < 0)
      return std::nullopt;
    if (n == 0)
      break;
    size += static_cast<size_t>(n);
  }
  result.resize(size);
  return result;
}

std::string trimmed(const std::string& x) {
  constexpr auto white = " \t\r\n";
  auto begin = x.find_first_not_of(white);
  if (begin == std::string::npos)
    return {};
  return x.substr(begin, x.find_last_not_of(white) - begin + 1);
}

std::variant<std::string, bad_token> read_file_of(const std::string& path,
                                                  size_t most, bool secret) {
  descriptor file{path};
  struct stat about {};
  if (file.get() < 0 || fstat(file.get(), &about) != 0)
    return bad_token{"cannot be read"};
  if (!S_ISREG(about.st_mode))
    return bad_token{"is not a file"};
  if (secret && (about.st_mode & (S_IROTH | S_IWOTH)) != 0)
    return bad_token{"is open to everyone on this machine: chmod o-rw"};
  auto content = content_of(file.get(), most);
  if (!content)
    return bad_token{"cannot be read"};
  if (content->size() > most)
    return bad_token{"is longer than " + std::to_string(most) + " bytes"};
  return std::move(*content);
}

bool is_loopback_v6(const in6_addr& x) {
  return IN6_IS_ADDR_LOOPBACK(&x)
         || (IN6_IS_ADDR_V4MAPPED(&x) && x.s6_addr[12] == 127);
}

} // namespace

size_t connections_by_descriptors(size_t limit) noexcept {
  auto reserve = 64 + limit / 20;
  return limit > reserve ? limit - reserve : 1;
}

size_t connections_by_descriptors() {
  rlimit x{};
  if (getrlimit(RLIMIT_NOFILE, &x) != 0)
    return connections_by_descriptors(1024);
  auto soft = x.rlim_cur;
  x.rlim_cur = x.rlim_max == RLIM_INFINITY ? most_descriptors : x.rlim_max;
  if (setrlimit(RLIMIT_NOFILE, &x) != 0)
    x.rlim_cur = std::min(soft, most_descriptors);
  return connections_by_descriptors(static_cast<size_t>(x.rlim_cur));
}

size_t io_threads(size_t configured) noexcept {
  constexpr size_t most = 64;
  size_t cores = std::thread::hardware_concurrency();
  return configured != 0 ? configured : std::clamp<size_t>(cores, 1, most);
}

std::variant<std::string, bad_token> read_token(const std::string& path) {
  auto content = read_file_of(path, max_token_file, true);
  auto* text = std::get_if<std::string>(&content);
  if (!text)
    return content;
  auto token = trimmed(*text);
  if (token.size() < min_token || token.size() > max_token)
    return bad_token{"must hold 16 to 4096 characters"};
  if (!std::all_of(token.begin(), token.end(),
                   [](char c) { return c > ' ' && c < 0x7F; }))
    return bad_token{"must hold one word of printable ASCII"};
  return token;
}

std::variant<std::string, bad_token> read_key_file(const std::string& path,
                                                   bool secret) {
  return read_file_of(path, max_key_file, secret);
}

std::variant<std::string, bad_token>
read_certificate_file(const std::string& path) {
  return read_file_of(path, max_certificate_file, false);
}

bool is_loopback(const std::string& address) {
  in_addr v4{};
  if (inet_pton(AF_INET, address.c_str(), &v4) == 1)
    return ntohl(v4.s_addr) >> 24 == 127;
  in6_addr v6{};
  return inet_pton(AF_INET6, address.c_str(), &v6) == 1 && is_loopback_v6(v6);
}

bool is_address(const std::string& text) {
  std::array<unsigned char, sizeof(in6_addr)> bytes;
  return inet_pton(AF_INET, text.c_str(), bytes.data()) == 1
         || inet_pton(AF_INET6, text.c_str(), bytes.data()) == 1;
}

} // namespace parlor
