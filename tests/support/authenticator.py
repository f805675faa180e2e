"""A passkey made of a few lines: answers challenges as a device would, or as a thief or a false page would."""

import hashlib
import json
import os
import struct
from base64 import urlsafe_b64encode
from dataclasses import dataclass, field
from typing import Any

import cbor2
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256

PRESENT, VERIFIED, ATTESTED = 1, 4, 64


@dataclass
class Authenticator:
    """One device with one key. `host` and `origin` are what it believes to talk to."""

    host: str = "localhost"
    origin: str = "http://localhost:8000"
    count: int = 0
    is_verified: bool = True
    credential: bytes = field(default_factory=lambda: os.urandom(16))
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))

    def make(self, challenge: bytes) -> str:
        """Answer that the key was made."""
        numbers = self.key.public_key().public_numbers()
        public = {1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32, "big"), -3: numbers.y.to_bytes(32, "big")}
        held = bytes(16) + struct.pack(">H", len(self.credential)) + self.credential + cbor2.dumps(public)
        attestation = {"fmt": "none", "attStmt": {}, "authData": self._state(ATTESTED) + held}
        return self._answer(
            {"clientDataJSON": self._said("create", challenge), "attestationObject": cbor2.dumps(attestation)}
        )

    def prove(self, challenge: bytes) -> str:
        """Answer with the key, and count."""
        self.count += 1 if self.count else 0
        state, said = self._state(0), self._said("get", challenge)
        signature = self.key.sign(state + hashlib.sha256(said).digest(), ec.ECDSA(SHA256()))
        return self._answer({"clientDataJSON": said, "authenticatorData": state, "signature": signature})

    def _state(self, more: int) -> bytes:
        flags = PRESENT | (VERIFIED if self.is_verified else 0) | more
        return hashlib.sha256(self.host.encode()).digest() + struct.pack(">BI", flags, self.count)

    def _said(self, what: str, challenge: bytes) -> bytes:
        return json.dumps({"type": f"webauthn.{what}", "challenge": text(challenge), "origin": self.origin}).encode()

    def _answer(self, parts: dict[str, Any]) -> str:
        name = text(self.credential)
        response = {key: text(value) for key, value in parts.items()}
        return json.dumps({"id": name, "rawId": name, "type": "public-key", "response": response})


def text(value: bytes) -> str:
    """Bytes as they stand in such answers."""
    return urlsafe_b64encode(value).decode().rstrip("=")
