// SPDX-License-Identifier: MIT
#include "app/options_system.hpp"

#include "tests/app/temporary_file.hpp"
#include "tests/support/catch.hpp"

#include <filesystem>
#include <string>

#include <sys/resource.h>

namespace {

using namespace parlor;
using test::temporary_file;

std::string token_of(const std::string& content) {
  temporary_file file{content};
  auto result = read_token(file.path());
  auto token = std::get_if<std::string>(&result);
  return token == nullptr ? "refused" : *token;
}

} // namespace

TEST_CASE("connections leave a reserve of descriptors") {
  CHECK(connections_by_descriptors(20000) == 20000 - 1000 - 64);
  CHECK(connections_by_descriptors(1024) == 1024 - 51 - 64);
  CHECK(connections_by_descriptors(67) == 1);
  CHECK(connections_by_descriptors(0) == 1);
}

TEST_CASE("the soft limit of descriptors is raised to the hard one") {
  rlimit before{};
  REQUIRE(getrlimit(RLIMIT_NOFILE, &before) == 0);
  auto lowered = before;
  lowered.rlim_cur = 256;
  REQUIRE(setrlimit(RLIMIT_NOFILE, &lowered) == 0);
  auto connections = connections_by_descriptors();
  rlimit after{};
  getrlimit(RLIMIT_NOFILE, &after);
  setrlimit(RLIMIT_NOFILE, &before);
  CHECK(after.rlim_cur == before.rlim_max);
  CHECK(connections == connections_by_descriptors(size_t{before.rlim_max}));
}

TEST_CASE("there is at least one I/O thread") {
  CHECK(io_threads(0) >= 1);
  CHECK(io_threads(7) == 7);
}

TEST_CASE("a token is read without the white space around it") {
  std::string word = "0123456789abcdef";
  CHECK(token_of(word) == word);
  CHECK(token_of(" \t" + word + "\r\n\n") == word);
  CHECK(token_of(std::string(4096, 'x') + '\n') == std::string(4096, 'x'));
}

TEST_CASE("a token that is too short, too long or no word is refused") {
  for (const auto& content :
       {std::string{}, std::string{"\n"}, std::string(15, 'x'),
        std::string(4097, 'x'), std::string(100000, 'x'),
        std::string{"two words of a token"}, std::string{"0123456789abcde\xff"},
        std::string(16, '\0')})
    CHECK(token_of(content) == "refused");
}

TEST_CASE("a token that everyone can read or write is refused") {
  temporary_file file{"0123456789abcdef"};
  for (unsigned mode : {0604u, 0602u, 0644u}) {
    std::filesystem::permissions(file.path(), std::filesystem::perms{mode});
    CHECK(std::holds_alternative<bad_token>(read_token(file.path())));
  }
  std::filesystem::permissions(file.path(), std::filesystem::perms{0640});
  CHECK(std::holds_alternative<std::string>(read_token(file.path())));
}

TEST_CASE("a token file that is no file is refused") {
  temporary_file file{"0123456789abcdef"};
  CHECK(std::holds_alternative<bad_token>(read_token(file.path() + ".no")));
  CHECK(std::holds_alternative<bad_token>(read_token(file.directory())));
  CHECK(std::holds_alternative<bad_token>(read_token("")));
}
