// SPDX-License-Identifier: MIT
#include "messages/wire/json_scan.hpp"

#include "messages/wire/json_cursor.hpp"
#include "messages/wire/json_text.hpp"

#include <algorithm>
#include <array>

namespace parlor::wire::json {

namespace {

/// Reads one text from its front to its end.
class scanner {
public:
  scanner(std::string_view text, size_t depth)
    : in_{text}, limit_{std::min(depth, max_depth)} {}

  finding run(std::span<member> wanted) {
    in_.skip_space();
    auto is_object = in_.peek() == '{';
    auto good = is_object ? top_object(wanted) : value();
    in_.skip_space();
    if (too_deep_)
      return finding::too_deep;
    if (!good || !in_.at_end())
      return finding::malformed;
    return is_object ? finding::object : finding::other_value;
  }

private:
  bool top_object(std::span<member> wanted) {
    if (!enter(true))
      return false;
    in_.skip_space();
    if (in_.take('}'))
      return true;
    do {
      in_.skip_space();
      auto key_start = in_.place();
      auto escaped = false;
      if (!in_.string(escaped))
        return false;
      auto key = in_.since(key_start);
      if (!in_.colon())
        return false;
      auto value_start = in_.place();
      if (!value())
        return false;
      auto found = in_.since(value_start);
      if (escaped)
        keep(decoded(key), found, wanted);
      else
        keep(key.substr(1, key.size() - 2), found, wanted);
      in_.skip_space();
    } while (in_.take(','));
    return in_.take('}');
  }

  static void keep(std::string_view name, std::string_view value,
                   std::span<member> wanted) {
    auto found = std::ranges::find(wanted, name, &member::name);
    if (found != wanted.end())
      found->value = value;
  }

  /// What a step through nested values came to.
  enum class step : uint8_t {
    wrong,
    /// Another value begins here.
    next,
    done,
  };

  static step next_if(bool good) { return good ? step::next : step::wrong; }

  static step done_if(bool good) { return good ? step::done : step::wrong; }

  /// One value with all that is in it, from its first byte to its last.
  bool value() {
    const auto outside = depth_;
    for (;;) {
      auto result = begin_value();
      if (result == step::done)
        result = end_value(outside);
      if (result != step::next)
        return result == step::done;
    }
  }

  /// Reads a value that holds no other, or one that does as far as to its
  /// first.
  step begin_value() {
    switch (in_.peek()) {
      case '"':
        return done_if(in_.string());
      case '{':
        return begin_object();
      case '[':
        return begin_array();
      case 't':
        return done_if(in_.word("true"));
      case 'f':
        return done_if(in_.word("false"));
      case 'n':
        return done_if(in_.word("null"));
      default:
        return done_if(in_.number());
    }
  }

  step begin_object() {
    if (!enter(true))
      return step::wrong;
    in_.skip_space();
    if (!in_.take('}'))
      return next_if(in_.string() && in_.colon());
    --depth_;
    return step::done;
  }

  step begin_array() {
    if (!enter(false))
      return step::wrong;
    in_.skip_space();
    if (!in_.take(']'))
      return step::next;
    --depth_;
    return step::done;
  }

  /// Behind a value: goes on to the one beside it, or closes what ends here,
  /// back to the depth `outside`.
  step end_value(size_t outside) {
    while (depth_ != outside) {
      auto in_object = inside_object();
      in_.skip_space();
      if (in_.take(',')) {
        in_.skip_space();
        return next_if(!in_object || (in_.string() && in_.colon()));
      }
      if (!in_.take(in_object ? '}' : ']'))
        return step::wrong;
      --depth_;
    }
    return step::done;
  }

  bool enter(bool object) {
    if (depth_ >= limit_) {
      too_deep_ = true;
      return false;
    }
    in_.take(object ? '{' : '[');
    auto& word = objects_[depth_ / 64];
    auto bit = depth_ % 64;
    if (bit == 0)
      word = 0;
    word = (word & ~(uint64_t{1} << bit)) | uint64_t{object} << bit;
    ++depth_;
    return true;
  }

  bool inside_object() const {
    auto level = depth_ - 1;
    return objects_[level / 64] >> (level % 64) & 1;
  }

  cursor in_;
  size_t limit_;
  size_t depth_ = 0;
  bool too_deep_ = false;
  /// For each level, whether it is an object. A word is cleared when its first
  /// level is entered: all of them at once would slow down every short text.
  std::array<uint64_t, max_depth / 64> objects_;
};

} // namespace

finding scan(std::string_view text, size_t depth, std::span<member> wanted) {
  return scanner{text, depth}.run(wanted);
}

} // namespace parlor::wire::json
