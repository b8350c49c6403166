// SPDX-License-Identifier: MIT
#include "app/settings.hpp"

#include "app/options.hpp"
#include "app/options_system.hpp"
#include "app/options_text.hpp"
#include "tests/fuzz/fuzz.hpp"

#include <sys/mman.h>
#include <unistd.h>

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
