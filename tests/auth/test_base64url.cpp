// SPDX-License-Identifier: MIT
#include "auth/base64url.hpp"

#include "tests/support/catch.hpp"

using namespace parlor;

TEST_CASE("bytes come out as they went in", "[base64url]") {
  // RFC 4648 §10, without padding; and the two digits that are not base64's.
  CHECK(decode_base64url("") == "");
  CHECK(decode_base64url("Zg") == "f");
  CHECK(decode_base64url("Zm8") == "fo");
  CHECK(decode_base64url("Zm9v") == "foo");
  CHECK(decode_base64url("Zm9vYmE") == "fooba");
  CHECK(decode_base64url("Zm9vYmFy") == "foobar");
  CHECK(decode_base64url("-_8") == "\xFB\xFF");
  CHECK(decode_base64url("AAA") == std::string(2, '\0'));
}

TEST_CASE("what has another spelling is refused", "[base64url]") {
  for (auto text : {"Zg==", "Zg=", "Zm9v\n", " Zm9v", "Zm9vYg+", "+/8", "Z",
                    "A", "AAAAA", "Zm9vZ", "Zh", "Zm9", "Z.g",
                    "\xC3\xA4"
                    "AA"}) {
    INFO(text);
    CHECK_FALSE(decode_base64url(text));
  }
  CHECK_FALSE(decode_base64url(std::string{"Zm\0v", 4}));
}
