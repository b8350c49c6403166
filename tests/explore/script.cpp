// SPDX-License-Identifier: MIT
#include "tests/explore/script.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <sstream>
#include <stdexcept>
#include <utility>

namespace parlor::explore {

namespace {

using namespace std::string_literals;

constexpr std::pair<std::string_view, verb> verbs[] = {
  {"connects", verb::connects},     {"joins", verb::joins},
  {"leaves", verb::leaves},         {"says", verb::says},
  {"whispers", verb::whispers},     {"asks", verb::asks},
  {"signals", verb::signals},       {"shows", verb::shows},
  {"hangs", verb::hangs_up},        {"vanishes", verb::vanishes},
  {"kicks", verb::kicks},           {"drops", verb::drops},
  {"posts", verb::posts},           {"sends", verb::sends},
  {"broadcasts", verb::broadcasts}, {"passes", verb::passes},
  {"closes", verb::closes},
};

constexpr std::string_view prepositions[] = {
  "to",    "in",        "of",   "as",      "since",
  "keyed", "rewinding", "with", "without", "up",
};

std::vector<std::string> parts_of(std::string_view text, char separator) {
  std::vector<std::string> result;
  std::istringstream from{std::string{text}};
  for (std::string part; std::getline(from, part, separator);)
    result.push_back(part);
  return result;
}

bool is_preposition(const std::string& word) {
  return std::ranges::find(prepositions, word) != std::end(prepositions);
}

step read_step(const std::string& text) {
  std::istringstream from{text};
  std::vector<std::string> words;
  for (std::string word; from >> word;)
    words.push_back(word);
  if (words.size() < 2)
    throw std::invalid_argument{"no sentence: " + text};
  auto* found = std::ranges::find(verbs, std::string_view{words[1]},
                                  [](auto& x) { return x.first; });
  if (found == std::end(verbs))
    throw std::invalid_argument{"no verb: " + words[1]};
  step result{words[0], found->second, {}, {}, words[0] + " " + words[1]};
  for (size_t i = 2; i < words.size(); ++i) {
    result.text += " " + words[i];
    if (!is_preposition(words[i]))
      result.object = words[i];
    else if (i + 1 < words.size()) {
      result.more[words[i]] = words[i + 1];
      result.text += " " + words[++i];
    } else
      result.more[words[i]] = "";
  }
  return result;
}

std::string text_of(const steps& all) {
  std::string result;
  for (auto& one : all)
    result += (result.empty() ? "" : ", ") + one.text;
  return result;
}

std::string quoted(const std::string& x) {
  return "\"" + x + "\"";
}

} // namespace

std::string step::of(const char* preposition) const {
  auto found = more.find(preposition);
  return found != more.end() ? found->second : "";
}

steps read_steps(std::string_view text) {
  steps result;
  for (auto& part : parts_of(text, ','))
    result.push_back(read_step(part));
  return result;
}

std::vector<steps> read_together(std::string_view text) {
  std::vector<steps> result;
  std::set<std::string> acting;
  for (auto& part : parts_of(text, '|')) {
    std::set<std::string> here;
    for (auto& one : result.emplace_back(read_steps(part)))
      if (one.is_client())
        here.insert(one.who);
    for (auto& who : here)
      if (!acting.insert(who).second)
        throw std::invalid_argument{who + " does two things at once"};
  }
  return result;
}

std::string to_string(const scenario& x) {
  std::string result = text_of(x.before);
  for (size_t i = 0; i < x.together.size(); ++i)
    result += (i == 0 ? "; then together: " : " | ") + text_of(x.together[i]);
  return result;
}

std::string user_of(const std::string& client) {
  return client.substr(0, client.find_first_of("0123456789"));
}

std::string frame_of(const step& x, size_t request, const std::string& epoch) {
  auto whole = [&](const char* type, const std::string& rest) {
    return R"({"type":")"s + type + R"(","id":)" + std::to_string(request)
           + rest + "}";
  };
  auto room = R"(,"room":)"
              + quoted(x.has("in")   ? x.of("in")
                       : x.has("of") ? x.of("of")
                                     : x.object);
  std::string more;
  switch (x.what) {
    case verb::joins:
      if (x.has("since"))
        more += R"(,"since":{"epoch":)" + quoted(epoch) + R"(,"seq":)"
                + x.of("since") + "}";
      if (x.has("rewinding"))
        more += R"(,"rewind":)" + x.of("rewinding");
      if (x.has("with"))
        more += R"(,"presence":true)";
      return whole("join", room + more);
    case verb::leaves:
      return whole("leave", room);
    case verb::says:
      if (x.has("keyed"))
        more += R"(,"key":)" + quoted(x.of("keyed"));
      if (x.has("without"))
        more += R"(,"exclude_self":true)";
      return whole("chat", room + R"(,"content":)" + x.object + more);
    case verb::whispers:
      return whole("private", R"(,"to":)" + quoted(x.of("to"))
                                + R"(,"content":)" + x.object);
    case verb::asks:
      return whole(x.object.c_str(), x.has("of") ? room : "");
    case verb::signals:
      return whole("signal", room + R"(,"name":"n","data":1)");
    case verb::shows:
      return whole("presence", room + R"(,"data":)" + x.object);
    default:
      throw std::invalid_argument{"no frame: " + x.text};
  }
}

} // namespace parlor::explore
