# SPDX-License-Identifier: MIT
"""Authorities and certificates for the loopback, as files."""

import datetime
import ipaddress

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from .environment import DEADLINE

DAY = datetime.timedelta(days=1)


def _name(text):
    return x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, text)])


class Authority:
    """A private CA, which makes certificates in a folder."""

    def __init__(self, folder, name):
        self._folder = folder
        self._name = name
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._count = 0
        built = self._builder(name, self._key).add_extension(
            x509.BasicConstraints(ca=True, path_length=0), critical=True)
        self.file = self._write(
            f"{name}.pem", self._sign(built).public_bytes(
                serialization.Encoding.PEM))

    def _builder(self, subject, key, days=(-1, 1)):
        now = datetime.datetime.utcnow()
        return (x509.CertificateBuilder().subject_name(_name(subject))
                .issuer_name(_name(self._name)).public_key(key.public_key())
                .serial_number(x509.random_serial_number())
                .not_valid_before(now + days[0] * DAY)
                .not_valid_after(now + days[1] * DAY))

    def _sign(self, builder):
        return builder.sign(self._key, hashes.SHA256())

    def _write(self, name, data):
        path = self._folder / name
        path.touch(0o600)
        path.write_bytes(data)
        return str(path)

    def certificate(self, host="127.0.0.1", days=(-1, 1), usage=()):
        """The files of a new certificate and its key. Good between those days from
        now, and for these usages alone where there are any."""
        self._count += 1
        key = ec.generate_private_key(ec.SECP256R1())
        subject = f"{self._name}-{self._count}"
        built = self._builder(subject, key, days).add_extension(
            x509.SubjectAlternativeName(
                [x509.IPAddress(ipaddress.ip_address(host))]), critical=False)
        if usage:
            built = built.add_extension(
                x509.ExtendedKeyUsage(usage), critical=False)
        certificate = self._write(f"{subject}.crt", self._sign(
            built).public_bytes(serialization.Encoding.PEM))
        private = self._write(f"{subject}.key", key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption()))
        return certificate, private


def wrong_files(folder):
    """One that is not there, then an empty one, then one that is not PEM."""
    path = folder / "wrong.pem"
    yield str(path)
    for content in (b"", b"no certificate\n"):
        path.write_bytes(content)
        yield str(path)


def check_refuses(node):
    """It did not start because of such a file, and names it."""
    assert node.process.wait(DEADLINE) == 2
    node.log.join()
    assert any("wrong.pem: " in str(x) for x in node.log.all)
