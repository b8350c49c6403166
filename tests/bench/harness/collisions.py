# SPDX-License-Identifier: MIT
"""Names whose `std::hash` is the same in libstdc++ on 64 bits (MurmurHash64A
under a fixed seed), as anybody can make them: its step for 8 bytes can be
undone, so the second half of 16 is computed from the first."""

import itertools
import math
import random

MASK = 2 ** 64 - 1
FACTOR = 0xC6A4A7935BD1E995
INVERSE = pow(FACTOR, -1, 2 ** 64)
SEED = 0xC70F6907
STAGES = 3


def shifted(x):
    return x ^ x >> 47


def mixed(block):
    return shifted(block * FACTOR & MASK) * FACTOR & MASK


def unmixed(mix):
    return shifted(mix * INVERSE & MASK) * INVERSE & MASK


def hash_of(name):
    """As libstdc++ has it, of whole blocks."""
    state = SEED ^ len(name) * FACTOR & MASK
    for at in range(0, len(name), 8):
        block = int.from_bytes(name[at:at + 8], "little")
        state = (state ^ mixed(block)) * FACTOR & MASK
    return shifted(shifted(state) * FACTOR & MASK)


def parts_of(state, goal, many, draw):
    """16 characters each that lead from one state to another."""
    found = []
    while len(found) < many:
        first = bytes(draw.choices(b"abcdefghijklmnopqrstuvwxyz", k=8))
        between = (state ^ mixed(int.from_bytes(first, "little"))) * FACTOR & MASK
        second = unmixed(between ^ goal * INVERSE & MASK).to_bytes(8, "little")
        if all(0x21 <= byte <= 0x7E for byte in second):
            found.append(first + second)
    return found


def colliding_names(many):
    """Of 48 characters: any of the first 16 may go before any of the next."""
    draw = random.Random(1)
    each = math.ceil(many ** (1 / STAGES))
    states = [SEED ^ 16 * STAGES * FACTOR & MASK, *range(1, STAGES + 1)]
    parts = [parts_of(state, goal, each, draw)
             for state, goal in itertools.pairwise(states)]
    names = itertools.islice(itertools.product(*parts), many)
    return [b"".join(name).decode() for name in names]
