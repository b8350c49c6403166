# SPDX-License-Identifier: MIT
"""Configurations of deploy/, for a service that may not know of clusters yet."""

import re
import subprocess


def knows_clusters(binary):
    """Whether this binary has the keys of the cluster as they are documented."""
    dump = subprocess.run([binary, "--dump-config"], text=True, check=True,
                          stdout=subprocess.PIPE).stdout
    return re.search(r"^provider = ", dump, re.M) is not None


def without_cluster(text):
    """The sections that a single node has no use for are left out."""
    return re.sub(r"^\[(?:cluster|openssl)\]\n(?:(?!\[).*\n)*", "", text,
                  flags=re.M)
