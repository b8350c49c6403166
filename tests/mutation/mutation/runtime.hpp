// SPDX-License-Identifier: MIT
#pragma once

/// Whether this mutant is the active one, by the environment's `PARLOR_MUTANT`.
/// Notes that it was reached, for who asks with `PARLOR_MUTANTS_REACHED`.
bool parlor_mutant(int number);

/// One byte for each mutant: whether it was reached. In the file that
/// `PARLOR_MUTANTS_REACHED` names, so that it outlives a process that is killed.
unsigned char* parlor_mutants_reached();

constexpr int parlor_most_mutants = 65536;
