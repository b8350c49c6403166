// SPDX-License-Identifier: MIT
#include "app/settings.hpp"

#include "app/options.hpp"
#include "app/options_system.hpp"
#include "app/options_text.hpp"
#include "tests/fuzz/fuzz.hpp"

#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <map>
#include <optional>
#include <regex>
#include <sstream>
#include <string>
#include <vector>

// The configuration: lines that begin with a dash are arguments, what follows
// them is the file.
namespace parlor::fuzz {

namespace {

/// A file without a name, as long as this lives.
class nameless_file {
public:
  explicit nameless_file(std::string_view content)
    : fd_{memfd_create("fuzz", MFD_CLOEXEC)} {
    require(fd_ >= 0
              && write(fd_, content.data(), content.size())
                   == static_cast<ssize_t>(content.size()),
            "no file could be made");
  }

  ~nameless_file() { close(fd_); }

  nameless_file(const nameless_file&) = delete;
  nameless_file& operator=(const nameless_file&) = delete;

  std::string option() const {
    return "--config-file=/proc/self/fd/" + std::to_string(fd_);
  }

private:
  int fd_;
};

std::string dump_of(settings x) {
  return dump_text(configuration{x});
}

void check_ranges(const settings& x) {
  auto& l = x.limits;
  require(is_address(x.host), "the host is no address");
  require(is_loopback(x.host) || x.insecure
            || x.algorithm != token_algorithm::none,
          "an open service is reached by others");
  require(x.algorithm == token_algorithm::none || !x.key.empty(),
          "there is no key");
  require(x.threads <= 64, "too many threads");
  require(l.message_bytes >= 1 && l.message_bytes <= 16 << 20,
          "a message has no such size");
  require(l.json_depth >= 1 && l.json_depth <= 1000, "JSON is not that deep");
  require(l.heartbeat_timeout > l.heartbeat_interval, "silence is too short");
  require(l.outbox_bytes >= 1024, "an outbox is too small");
  require(l.drain_rate >= 1, "nobody is sent home");
  for (auto time : {l.outbox_stall, l.handshake_timeout, l.http_idle,
                    l.hello_timeout, l.history_ttl, l.heartbeat_interval})
    require(time >= std::chrono::milliseconds{1}
              && time <= std::chrono::hours{24},
            "a time is out of range");
  require(l.presence_grace.count() >= 0, "a time is negative");
}

/// What this says in nanoseconds, where it is a duration and nothing else; with
/// a range that nothing leaves.
std::optional<long double> meant_by(const std::string& text) {
  static const std::regex form{"([+-]?[1-9][0-9]*)(ns|us|ms|s|min|h)"};
  static const std::map<std::string, long double> units{
    {"ns", 1},   {"us", 1e3L},   {"ms", 1e6L},
    {"s", 1e9L}, {"min", 6e10L}, {"h", 3.6e12L}};
  std::smatch parts;
  if (text.size() > 64 || !std::regex_match(text, parts, form))
    return std::nullopt;
  return std::stold(parts[1]) * units.at(parts[2]);
}

/// No duration that was taken is out of the range of all.
void check_durations(const std::vector<std::string>& texts) {
  constexpr long double day = 24 * 3.6e12L;
  for (auto& text : texts) {
    auto equals = text.find('=');
    if (equals == text.npos)
      continue;
    auto value = text.substr(equals + 1);
    value.erase(0, value.find_first_not_of(' '));
    if (auto meant = meant_by(value))
      require(*meant >= 0 && *meant <= day, "a duration has wrapped");
  }
}

std::vector<std::string> lines_of(std::string_view text) {
  std::vector<std::string> result;
  std::istringstream in{std::string{text}};
  for (std::string line; std::getline(in, line);)
    if (line.find_first_of(";\"") == line.npos)
      result.push_back(line);
  return result;
}

/// Of each duration's key the last one, which counts.
std::vector<std::string> durations_of(const std::vector<std::string>& args) {
  std::vector<std::string> result;
  settings ignored;
  configuration config{ignored};
  for (auto& row : config.all()) {
    auto at = std::find_if(args.rbegin(), args.rend(), [&](auto& arg) {
      return row.hint.find("unit") != row.hint.npos && arg.starts_with("--" + row.key + '=');
    });
    if (at != args.rend())
      result.push_back(*at);
  }
  return result;
}

void check_exit(const early_exit& x) {
  require(!x.text.empty() && x.text.ends_with('\n'), "an end says nothing");
  require(x.code == 0 || (x.code == 2 && x.text.starts_with("parlor: ")),
          "an end is none of ours");
}

/// What is in effect can be written as a file, and read.
void check_dump(const settings& x) {
  auto text = dump_of(x);
  nameless_file file{text};
  auto again = parse({file.option()});
  auto* same = std::get_if<settings>(&again);
  if (!same)
    std::fputs((text + std::get<early_exit>(again).text).c_str(), stderr);
  require(same, "what is in effect cannot be read");
  require(dump_of(*same) == text, "what is in effect is read otherwise");
}

void check(std::vector<std::string> args, std::string_view ini) {
  nameless_file file{ini};
  if (!ini.empty())
    args.push_back(file.option());
  auto result = parse(args);
  if (auto* end = std::get_if<early_exit>(&result))
    return check_exit(*end);
  check_ranges(std::get<settings>(result));
  check_durations(durations_of(args));
  check_durations(lines_of(ini));
  check_dump(std::get<settings>(result));
}

} // namespace

} // namespace parlor::fuzz

int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace parlor::fuzz;
  auto text = text_of(data, size);
  std::vector<std::string> args;
  while (text.starts_with('-')) {
    auto end = std::min(text.find('\n'), text.size());
    // No file but the one that is made here: some never end.
    if (auto arg = text.substr(0, end); arg.find("config-file") == arg.npos)
      args.emplace_back(arg);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  check(std::move(args), text);
  return 0;
}
