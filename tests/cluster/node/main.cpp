// SPDX-License-Identifier: MIT
#include "cluster/etcd/etcd_roster.hpp"
#include "cluster/etcd/tls.hpp"
#include "cluster/links/caf_links.hpp"
#include "cluster/links/gate_tls.hpp"
#include "cluster/version.hpp"
#include "telemetry/log.hpp"
#include "tests/cluster/node/arguments.hpp"
#include "tests/cluster/node/loop_thread.hpp"
#include "tests/cluster/node/talker.hpp"
#include "tests/cluster/node/teller.hpp"

#include <cstdio>
#include <fstream>
#include <iostream>
#include <iterator>
#include <mutex>
#include <optional>
#include <sstream>
#include <stdexcept>
#include <string>
#include <utility>

namespace {

using namespace parlor;
using namespace parlor::test;

std::optional<std::string> content_of(const std::string& path) {
  if (path.empty())
    return std::nullopt;
  std::ifstream in{path, std::ios::binary};
  if (!in)
    throw std::invalid_argument{path + ": cannot be read"};
  return std::string{std::istreambuf_iterator<char>{in}, {}};
}

/// What the files of these arguments hold; an invalid_argument that names the one
/// that is wrong.
template <class Make>
tls::slot_ptr slot_of(const arguments& x, const std::string& prefix,
                      Make make) {
  auto path = [&](const char* name) { return x.one(prefix + name, ""); };
  auto made = make(tls::texts{content_of(path("ca")),
                              content_of(path("certificate")),
                              content_of(path("key"))});
  if (auto* bad = std::get_if<tls::problem>(&made)) {
    using part = tls::problem::part;
    auto* of = bad->of == part::authority ? "ca"
               : bad->of == part::key     ? "key"
                                          : "certificate";
    throw std::invalid_argument{path(of) + ": " + bad->what};
  }
  return std::make_shared<tls::slot>(std::get<0>(made));
}

/// "size:7": what this node has for a setting. `term` is told to the others, `must`
/// has to be theirs, too.
etcd::terms terms_of(const arguments& x) {
  etcd::terms result;
  auto add = [&](const char* key, etcd::agreement wanted) {
    for (const auto& text : x.all(key)) {
      auto colon = text.find(':');
      result[text.substr(0, colon)] = {text.substr(colon + 1), wanted};
    }
  };
  add("term", etcd::agreement::told);
  add("must", etcd::agreement::same);
  return result;
}

etcd::roster_options roster_of(const arguments& x) {
  etcd::roster_options result;
  for (const auto& text : x.all("etcd"))
    if (auto one = etcd::parse_endpoint(text))
      result.endpoints.push_back(*one);
  result.tls = slot_of(x, "etcd-", etcd::make_tls);
  result.prefix = x.one("prefix", "/parlor");
  result.ttl = std::chrono::seconds{std::stoi(x.one("ttl", "2"))};
  result.self = {node_id{x.one("id", "a")},
                 {},
                 x.one("address", "127.0.0.1:5400"),
                 cluster::wire_version,
                 member_state::active};
  result.terms = terms_of(x);
  return result;
}

cluster::gate_options gate_of(const arguments& x) {
  cluster::gate_options result;
  auto colon = x.one("listen", "").rfind(':');
  result.at = {x.one("listen", "").substr(0, colon),
               uint16_t(std::stoi(x.one("listen", "").substr(colon + 1)))};
  if (!x.one("ca", "").empty())
    result.tls = slot_of(x, "", cluster::make_context);
  result.insecure_loopback = x.one("insecure", "") == "1";
  return result;
}

/// One process's part of a cluster: a roster, links, or both.
class process {
public:
  explicit process(const arguments& args) : args_{args} {}

  /// Says what is wrong.
  std::string start() {
    if (!args_.one("listen", "").empty()) {
      auto made = cluster::caf_links::make(node_id{args_.one("id", "a")},
                                           gate_of(args_), talk_, loop_.lent());
      if (auto* problem = std::get_if<std::string>(&made))
        return *problem;
      links_ = std::get<0>(std::move(made));
      said_.to_links(links_.get());
      said_.tell({{"event", "listening"},
                  {"port", static_cast<cluster::caf_links&>(*links_).port()}});
    }
    if (!args_.all("etcd").empty()) {
      std::lock_guard guard{mutex_};
      roster_ = etcd::etcd_roster::make(roster_of(args_), said_);
    }
    return {};
  }

  /// The same; a file that is wrong, too.
  std::string start_or_say() {
    try {
      return start();
    } catch (const std::invalid_argument& wrong) {
      return wrong.what();
    }
  }

  /// Out of the cluster first, so that nobody takes its end for a death.
  ~process() {
    {
      std::lock_guard guard{mutex_};
      std::swap(leaving_, roster_);
    }
    leaving_.reset();
    said_.to_links(nullptr);
    links_.reset();
  }

  /// Does what a line says; false at the end.
  bool obey(const std::string& line) {
    std::istringstream words{line};
    std::string verb;
    std::string whom;
    words >> verb;
    if (verb == "quit")
      return false;
    if (verb == "view") {
      said_.on_view(read_view(words));
    } else if (verb == "stuck" || verb == "unstuck") {
      talk_.be_stuck(verb == "stuck");
    } else if (verb == "send") {
      uint64_t count = 0;
      size_t size = 0;
      words >> whom >> count >> size;
      talk_.send(whom, count, size);
    } else if (verb == "report") {
      words >> whom;
      talk_.report(whom);
    } else if (roster_) {
      words >> whom;
      ask_roster(verb, whom);
    } else {
      std::fprintf(stderr, "no such command: %s\n", line.c_str());
    }
    return true;
  }

private:
  void ask_roster(const std::string& verb, const std::string& whom) {
    if (verb == "drain")
      roster_->set_state(member_state::draining);
    else if (verb == "activate")
      roster_->set_state(member_state::active);
    else if (verb == "evict")
      roster_->evict(said_.known(node_id{whom}));
    else if (verb == "lease")
      said_.tell_lease(roster_->lease());
  }

  /// "9 a 7 127.0.0.1:1 b 8 127.0.0.1:2": revision, and members by id.
  static view read_view(std::istringstream& words) {
    view result;
    words >> result.revision;
    std::string id;
    uint64_t stay = 0;
    std::string address;
    while (words >> id >> stay >> address)
      result.members.push_back(
        {node_id{id}, incarnation{stay}, address, 1, member_state::active});
    return result;
  }

  const arguments& args_;
  loop_thread loop_;
  teller said_;
  /// The roster is asked on a thread of the links, too.
  std::mutex mutex_;
  std::unique_ptr<roster> roster_;
  std::unique_ptr<roster> leaving_;
  std::unique_ptr<links> links_;
  talker talk_{said_, [this](const member& suspect) {
                 std::lock_guard guard{mutex_};
                 if (roster_)
                   roster_->evict(suspect);
               }};
};

} // namespace

int main(int argc, char** argv) {
  arguments args{argc, argv};
  log::start({log::level::debug, log::format::json});
  int code = 0;
  {
    process x{args};
    if (auto problem = x.start_or_say(); !problem.empty()) {
      std::fprintf(stderr, "%s\n", problem.c_str());
      code = 2;
    } else {
      std::string line;
      while (std::getline(std::cin, line) && x.obey(line)) {}
    }
  }
  log::stop();
  return code;
}
