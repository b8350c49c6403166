# SPDX-License-Identifier: MIT
"""What the system tests share: the service, clients, sockets, HTTP."""
