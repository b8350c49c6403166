// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

/// The few calls of etcd's v3 API that a roster needs, as its JSON gateway has
/// them: integers of 64 bits are texts there, keys and values base64, and what
/// has its default value is left out. Pure.
/// https://etcd.io/docs/v3.4/dev-guide/api_grpc_gateway/
namespace parlor::etcd {

/// A lease's id as etcd gave it.
enum class lease_id : int64_t {};

/// A key with what is there.
struct entry {
  std::string key;
  std::string value;
  /// The revision that made the key: of two keys of one name the later one's
  /// is higher.
  uint64_t created = 0;
  /// The revision of the last change.
  uint64_t changed = 0;
  lease_id lease{};

  friend bool operator==(const entry&, const entry&) = default;
};

/// Instead of an answer: what etcd or its gateway says, or what is wrong with
/// what they say.
struct failure {
  std::string reason;
  /// The lease is gone; the same request will never succeed.
  bool lease_is_gone = false;
};

template <class T>
using answer = std::variant<T, failure>;

struct grant {
  lease_id lease{};
  /// Seconds; may be more than what was asked for.
  int64_t ttl = 0;
};

/// Of a transaction.
struct outcome {
  /// Whether what it was guarded by held.
  bool succeeded = false;
  /// Of the store, after it.
  uint64_t revision = 0;
  /// What it read, where it did.
  std::vector<entry> found;
};

struct range {
  uint64_t revision = 0;
  std::vector<entry> entries;
};

struct change {
  /// Of what was deleted there is only the key, and the revision in `changed`.
  bool deleted = false;
  entry what;

  friend bool operator==(const change&, const change&) = default;
};

/// One line of a watch.
struct watch_step {
  /// Of the store. All changes up to it have been told, but not where the
  /// watch was only just created.
  uint64_t revision = 0;
  bool created = false;
  /// The watch has ended.
  bool canceled = false;
  /// It did since what it wanted is not kept any more.
  bool compacted = false;
  /// In the order of their revisions.
  std::vector<change> changes;
};

/// Which cluster of etcd's has answered, and how far its store was.
struct store {
  /// As etcd says it; empty where it does not.
  std::string cluster;
  uint64_t revision = 0;

  friend bool operator==(const store&, const store&) = default;
};

/// Paths and bodies of requests.
struct request {
  std::string_view target;
  std::string body;
};

request grant_lease(int64_t ttl_seconds);
request keep_alive(lease_id lease);
request revoke(lease_id lease);

/// Makes the key where there is none, else reads it.
request make_key(std::string_view key, std::string_view value, lease_id lease);

/// Changes the key where it is still the one of that revision.
request change_key(std::string_view key, uint64_t created,
                   std::string_view value, lease_id lease);

/// Makes or changes the key where its last change was that revision, which is 0
/// where there was none.
request replace_key(std::string_view key, uint64_t changed,
                    std::string_view value);

/// Deletes the key where it is still the one of that revision.
request delete_key(std::string_view key, uint64_t created);

/// Deletes a member's key where both are still those of these revisions: nobody
/// has answered the challenge. Else reads the member's key. The challenge is gone
/// afterwards.
request settle_challenge(std::string_view challenge, uint64_t challenge_created,
                         std::string_view key, uint64_t created);

/// The keys from those with the first prefix to those with the last, which are not
/// empty, at that revision; 0 is now.
request read_all(std::string_view first, std::string_view last,
                 uint64_t revision);

/// All changes from that revision on of the keys from those with the first
/// prefix to those with the last.
request watch_all(std::string_view first, std::string_view last, uint64_t from);

/// What came back with status 200; anything else, and what cannot be
/// understood, is a failure.
answer<grant> read_grant(unsigned status, std::string_view body);
/// Seconds that are left; 0 where the lease is gone.
answer<int64_t> read_keep_alive(unsigned status, std::string_view body);
answer<outcome> read_outcome(unsigned status, std::string_view body);
answer<range> read_range(unsigned status, std::string_view body);
answer<watch_step> read_watch_step(std::string_view line);

/// Of any answer that is none of these failures.
store read_store(std::string_view body);

} // namespace parlor::etcd
