// SPDX-License-Identifier: MIT
#pragma once

#include "cluster/version.hpp"
#include "messages/links.hpp"

#include <caf/actor.hpp>
#include <caf/error.hpp>
#include <caf/meta/load_callback.hpp>
#include <caf/meta/type_name.hpp>
#include <caf/replies_to.hpp>
#include <caf/type_id.hpp>
#include <caf/typed_actor.hpp>

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

/// All that crosses from one node to another. It is append-only: CAF compares
/// the names of messages when nodes connect and never looks at their layout, so
/// a message that is here stays as it is, whatever is added gets a name of its
/// own, and `link_open` says which version its sender understands. What nodes
/// have to tell each other is in the bodies of envelopes.
namespace parlor::cluster {

/// From the node that dials: let us talk. The first message of all.
struct link_open {
  uint32_t version = 0;
  /// The sender's number for this link: what is sent back names it.
  uint64_t session = 0;
  std::string node;
  uint64_t incarnation = 0;
  /// Whom to answer.
  caf::actor from;
};

/// The answer: the link is up.
struct link_opened {
  /// Of the link_open.
  uint64_t session = 0;
  uint32_t version = 0;
  /// The number of the one who answers.
  uint64_t answer_to = 0;
  std::string node;
  uint64_t incarnation = 0;
};

/// What is said, numbered from 1 without a hole.
struct link_frame {
  uint64_t session = 0;
  uint64_t number = 0;
  std::vector<envelope> content;
};

/// In place of a frame, from version 2 on: a part of one envelope that is larger
/// than a frame may be. Parts of one follow each other.
struct link_piece {
  uint64_t session = 0;
  /// Frames and pieces are counted together.
  uint64_t number = 0;
  /// Of the envelope.
  uint32_t version = 0;
  std::string content;
  /// Bytes of the envelope that follow this part; 0 in the last one.
  uint64_t left = 0;
};

/// All frames up to this one have been dealt with.
struct link_ack {
  uint64_t session = 0;
  uint64_t number = 0;
};

/// The link has ended, or will not be.
struct link_bye {
  uint64_t session = 0;
  std::string why;
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, link_open& x) {
  return f(caf::meta::type_name("link_open"), x.version, x.session, x.node,
           x.incarnation, x.from);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, link_opened& x) {
  return f(caf::meta::type_name("link_opened"), x.session, x.version,
           x.answer_to, x.node, x.incarnation);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, link_frame& x) {
  return f(caf::meta::type_name("link_frame"), x.session, x.number, x.content);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, link_piece& x) {
  return f(caf::meta::type_name("link_piece"), x.session, x.number, x.version,
           x.content, x.left);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, link_ack& x) {
  return f(caf::meta::type_name("link_ack"), x.session, x.number);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, link_bye& x) {
  return f(caf::meta::type_name("link_bye"), x.session, x.why);
}

} // namespace parlor::cluster

namespace parlor {

/// The body is shared inside the process and goes by value between nodes.
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, envelope& x) {
  std::string body;
  if constexpr (Inspector::reads_state)
    if (x.body)
      body = *x.body;
  auto load = [&]() -> caf::error {
    x.body = std::make_shared<const std::string>(std::move(body));
    return caf::none;
  };
  return f(caf::meta::type_name("envelope"), x.version, body,
           caf::meta::load_callback(load));
}

} // namespace parlor

// Behind the block of messages/fwd.hpp, with room for it to grow.
CAF_BEGIN_TYPE_ID_BLOCK(parlor_wire, caf::first_custom_type_id + 1000)

  CAF_ADD_TYPE_ID(parlor_wire, (parlor::envelope))
  CAF_ADD_TYPE_ID(parlor_wire, (std::vector<parlor::envelope>))
  CAF_ADD_TYPE_ID(parlor_wire, (parlor::cluster::link_open))
  CAF_ADD_TYPE_ID(parlor_wire, (parlor::cluster::link_opened))
  CAF_ADD_TYPE_ID(parlor_wire, (parlor::cluster::link_frame))
  CAF_ADD_TYPE_ID(parlor_wire, (parlor::cluster::link_ack))
  CAF_ADD_TYPE_ID(parlor_wire, (parlor::cluster::link_bye))
  CAF_ADD_TYPE_ID(parlor_wire, (parlor::cluster::link_piece))

CAF_END_TYPE_ID_BLOCK(parlor_wire)

namespace parlor::cluster {

/// The one actor of a node that others may speak to.
using wire_actor
  = caf::typed_actor<caf::reacts_to<link_open>, caf::reacts_to<link_opened>,
                     caf::reacts_to<link_frame>, caf::reacts_to<link_ack>,
                     caf::reacts_to<link_bye>, caf::reacts_to<link_piece>>;

} // namespace parlor::cluster
