# SPDX-License-Identifier: MIT
"""Certificates that are made for a test, and what a client needs to trust
them."""

import datetime
import functools
import ipaddress
import pathlib
import ssl
import tempfile
from dataclasses import dataclass

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


@dataclass
class Certificate:
    """Two files in PEM."""

    file: pathlib.Path
    key: pathlib.Path

    @property
    def options(self):
        return (f"tls.certificate={self.file}", f"tls.key={self.key}")

    @property
    def der(self):
        return ssl.PEM_cert_to_DER_cert(self.file.read_text())

    def trust(self):
        """A client's side: this one and no other."""
        return ssl.create_default_context(cafile=str(self.file))


def make(folder, name="parlor", *, days=1):
    """Writes a certificate for 127.0.0.1 that signs itself; with negative days
    one that is out of date."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.datetime.utcnow()
    certificate = (
        x509.CertificateBuilder().subject_name(subject).issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=10))
        .not_valid_after(now + datetime.timedelta(days=days))
        .add_extension(x509.SubjectAlternativeName([
            x509.DNSName("localhost"),
            x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), False)
        .sign(key, hashes.SHA256()))
    made = Certificate(pathlib.Path(folder, f"{name}.pem"),
                       pathlib.Path(folder, f"{name}-key.pem"))
    made.file.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    made.key.touch(0o600)
    made.key.write_bytes(key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption()))
    return made


@functools.cache
def of_all():
    """One for all services of a run with PARLOR_TEST_TLS=1."""
    folder = tempfile.TemporaryDirectory(prefix="parlor-tls-")
    made = make(folder.name)
    made.folder = folder  # is removed with it
    return made
