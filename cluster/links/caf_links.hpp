// SPDX-License-Identifier: MIT
#pragma once

#include "cluster/links/gate.hpp"
#include "cluster/links/loop_host.hpp"
#include "messages/links.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <variant>

namespace parlor::cluster {

/// Links over CAF's remoting, on connections that the gate let through. They
/// have an actor system of their own: the only messages that another node can
/// make there are those of cluster/links/wire.hpp, and the only actor that it
/// can reach is the root. Thread-safe.
class caf_links final : public links {
public:
  /// Is told of members of the view that could not be linked to for some time,
  /// with the reason, where these are others than before; as a link_listener.
  using unlinked = std::function<void(const std::map<node_id, std::string>&)>;

  /// Listens, or says what is wrong. Nobody is linked to before `hold`. The listener
  /// is called on the host's thread, which runs until these links are destroyed.
  static std::variant<std::unique_ptr<caf_links>, std::string>
  make(node_id self, const gate_options& options, link_listener& listener,
       loop_host host, unlinked tell = {});

  ~caf_links() override;

  void hold(const view& now) override;

  /// The port that is bound.
  uint16_t port() const noexcept;

private:
  struct state;

  explicit caf_links(std::unique_ptr<state> all);

  std::unique_ptr<state> state_;
};

} // namespace parlor::cluster
