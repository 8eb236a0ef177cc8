"""A broker at amqps:// is spoken to in TLS only, and only when its certificate is signed by whom we know."""

from __future__ import annotations

import datetime
import ssl
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from socket import create_server

import amqp
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from shared.bus import channel
from shared.settings import settings


def certificate(folder: Path, host: str) -> Path:
    """A key and its certificate, signed by itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1)).not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    file = folder / f"{host}.pem"
    pem = serialization.Encoding.PEM
    file.write_bytes(
        key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        + made.public_bytes(pem)
    )
    return file


@dataclass
class Listener:
    """Takes one connection in TLS and remembers its first bytes."""

    pem: Path
    heard: bytes = b""

    def __post_init__(self) -> None:
        self.socket = create_server(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        self.thread = threading.Thread(target=self._take, daemon=True)
        self.thread.start()

    def _take(self) -> None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.pem)
        taken, _ = self.socket.accept()
        try:
            with context.wrap_socket(taken, server_side=True) as secured:
                self.heard = secured.recv(8)
        except OSError:
            taken.close()

    def close(self) -> None:
        self.thread.join(5)
        self.socket.close()


@pytest.fixture
def listener(tmp_path: Path) -> Iterator[Listener]:
    found = Listener(certificate(tmp_path, "localhost"))
    yield found
    found.close()


def heard(listener: Listener, monkeypatch: pytest.MonkeyPatch, ca: Path) -> bytes:
    monkeypatch.setenv("AMQP_URL", f"amqps://guest:guest@localhost:{listener.port}")
    monkeypatch.setenv("YIZHAN_CA", str(ca))
    settings.cache_clear()
    with pytest.raises((OSError, amqp.AMQPError)):
        channel.connect("core")  # the listener hangs up after the first words
    listener.close()
    settings.cache_clear()
    return listener.heard


@pytest.mark.requirement("XS-02")
def test_the_broker_is_spoken_to_in_tls(listener: Listener, monkeypatch: pytest.MonkeyPatch) -> None:
    assert heard(listener, monkeypatch, listener.pem) == b"AMQP\x00\x00\x09\x01"


def test_a_broker_whose_certificate_nobody_we_know_signed_hears_nothing(
    listener: Listener, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "other").mkdir()

    assert heard(listener, monkeypatch, certificate(tmp_path / "other", "localhost")) == b""
