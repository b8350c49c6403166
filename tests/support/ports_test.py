#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A port belongs to who asked for it, whatever else runs."""

import pathlib
import socket
import subprocess
import sys
import unittest
from unittest import mock

import ports

# So many that numbers drawn at random would meet.
MANY = 200

RANGE_OF_THE_KERNEL = pathlib.Path("/proc/sys/net/ipv4/ip_local_port_range")


class Ports(unittest.TestCase):
    def test_nobody_gets_one_that_another_has(self):
        code = f"import ports; print(*ports.free_ports({MANY})); input()"
        others = [subprocess.Popen(
            [sys.executable, "-c", code], cwd=pathlib.Path(__file__).parent,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
            for _ in range(2)]
        taken = ports.free_ports(MANY)
        for one in others:
            taken += map(int, one.stdout.readline().split())
        for one in others:
            one.communicate("\n")
            self.assertEqual(one.returncode, 0)
        self.assertEqual(len(taken), 3 * MANY)
        self.assertEqual(len(set(taken)), 3 * MANY)

    def test_the_kernel_gives_none_of_them_to_who_asks_for_any(self):
        first = int(RANGE_OF_THE_KERNEL.read_text().split()[0])
        self.assertLess(max(ports.free_ports(MANY)), first)

    def test_whoever_has_one_can_listen_there(self):
        for port in ports.free_ports(MANY):
            with socket.create_server((ports.HOST, port)) as server:
                self.assertEqual(server.getsockname(), (ports.HOST, port))

    def assert_not_given(self, port):
        # Drawn before any other, nearly always.
        often = [*[port] * 100 * len(ports.RANGE), *ports.RANGE]
        with mock.patch.object(ports, "RANGE", often):
            self.assertNotEqual(ports.free_port(), port)

    def test_one_that_others_listen_on_is_not_given(self):
        with socket.create_server((ports.HOST, 0)) as other:
            self.assert_not_given(other.getsockname()[1])

    def test_all_behind_the_first_are_had(self):
        first = ports.first_of([1, 5, 9])
        for x in (1, 5, 9):
            self.assert_not_given(first + x)
            with socket.create_server((ports.HOST, first + x)):
                pass


if __name__ == "__main__":
    unittest.main()
