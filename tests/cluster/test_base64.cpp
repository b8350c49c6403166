// SPDX-License-Identifier: MIT
#include "cluster/etcd/base64.hpp"

#include "tests/support/catch.hpp"

#include <string>

using namespace parlor::etcd;

TEST_CASE("base64 is that of RFC 4648") {
  const std::pair<std::string, std::string> vectors[]{{"", ""},
                                                      {"f", "Zg=="},
                                                      {"fo", "Zm8="},
                                                      {"foo", "Zm9v"},
                                                      {"foob", "Zm9vYg=="},
                                                      {"fooba", "Zm9vYmE="},
                                                      {"foobar", "Zm9vYmFy"}};
  for (const auto& [bytes, text] : vectors) {
    CHECK(to_base64(bytes) == text);
    CHECK(from_base64(text) == bytes);
  }
}

TEST_CASE("every byte survives base64") {
  std::string bytes;
  for (int i = 0; i < 256; ++i)
    bytes += static_cast<char>(i);
  for (size_t size = 0; size <= bytes.size(); ++size)
    CHECK(from_base64(to_base64(bytes.substr(0, size)))
          == bytes.substr(0, size));
}

TEST_CASE("what is no base64 is refused") {
  for (std::string text :
       {"Z", "Zg", "Zg=", "Zg==\n", " Zg==", "Zh==", "Zm9=", "Z===", "====",
        "=Zg=", "Zg==Zg==", "Zm9v!AAA", "Zm-v", "Zm9vZg", "\xC3\xB6\xC3\xB6"})
    CHECK_FALSE(from_base64(text));
}
