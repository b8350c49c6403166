// SPDX-License-Identifier: MIT
#include "app/server.hpp"
#include "app/settings.hpp"
#include "app/standard_files.hpp"
#include "telemetry/log.hpp"

#include <cstdio>
#include <cstdlib>
#include <variant>

int main(int argc, char** argv) {
  parlor::open_standard_files();
  auto parsed = parlor::parse(argc, argv);
  if (auto* exit = std::get_if<parlor::early_exit>(&parsed)) {
    std::fputs(exit->text.c_str(), exit->code == 0 ? stdout : stderr);
    return exit->code;
  }
  auto& settings = std::get<parlor::settings>(parsed);
  parlor::log::start(settings.log);
  auto code = parlor::serve(settings);
  if (!parlor::log::stop())
    std::_Exit(code);
  return code;
}
