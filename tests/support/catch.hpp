// SPDX-License-Identifier: MIT
#pragma once

// Catch2 3 is in Debian 13, Catch2 2 in Debian 12.
#if __has_include(<catch2/catch_all.hpp>)
#  include <catch2/catch_all.hpp>
#else
#  include <catch2/catch.hpp>
#endif
