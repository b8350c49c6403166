# SPDX-License-Identifier: MIT
# The files that the service serves, as C++, so that the binary needs no other
# file where it runs:
#   cmake -D MANIFEST=lines -D OUTPUT=pages_data.cpp -D NAMESPACE=parlor::transport
#     -D FUNCTION=pages -D HEADER=transport/pages.hpp -P embed.cmake
# Each line of the manifest is the path of the URL, a blank, and the file. The
# header declares the function, which gives all of them.
cmake_minimum_required(VERSION 3.25)

set(type_html "text/html; charset=utf-8")
set(type_css "text/css; charset=utf-8")
set(type_js "text/javascript; charset=utf-8")
set(type_svg "image/svg+xml")
set(type_yaml "application/yaml")

set(pages "")
file(STRINGS "${MANIFEST}" lines)
foreach(line IN LISTS lines)
  string(REGEX MATCH "^([^ ]+) (.+)$" _ "${line}")
  set(url "${CMAKE_MATCH_1}")
  set(path "${CMAKE_MATCH_2}")
  string(REGEX MATCH "[a-z]+$" suffix "${path}")
  if(NOT DEFINED type_${suffix})
    message(FATAL_ERROR "embed.cmake: no Content-Type for ${path}")
  endif()
  file(SIZE "${path}" size)
  file(SHA256 "${path}" hash)
  string(SUBSTRING "${hash}" 0 16 hash)
  file(READ "${path}" bytes HEX)
  string(REGEX REPLACE "(..)" "\\\\x\\1" bytes "${bytes}")
  string(APPEND pages
    "  {\"${url}\", \"${type_${suffix}}\", \"\\\"${hash}\\\"\",\n"
    "   {\"${bytes}\", ${size}}},\n")
endforeach()

file(WRITE "${OUTPUT}" "// Made by cmake/embed.cmake.
#include \"${HEADER}\"

namespace ${NAMESPACE} {

namespace {

constexpr parlor::transport::page all_pages[]{
${pages}};

} // namespace

std::span<const parlor::transport::page> ${FUNCTION}() noexcept {
  return all_pages;
}

} // namespace ${NAMESPACE}
")
