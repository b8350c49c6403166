// SPDX-License-Identifier: MIT
#pragma once

namespace parlor {

/// Opens /dev/null for standard input, output and error where they are closed:
/// the next file or socket would get such a number, and be sent the log. To be
/// called before anything else is opened.
void open_standard_files() noexcept;

} // namespace parlor
