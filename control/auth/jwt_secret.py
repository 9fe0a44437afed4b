"""Where the secret comes from that signs tokens: JWT_SECRET or, without it, a file made here at the first start.

To replace it, move the value of JWT_SECRET to JWT_SECRET_PREVIOUS and set a new JWT_SECRET: what the old one
signed is read until it expires, seven days at most, and then JWT_SECRET_PREVIOUS can go. Where the secret has
leaked, leave JWT_SECRET_PREVIOUS out. The file is replaced by removing it and starting anew.
"""

from __future__ import annotations

import os
import secrets
import stat
from pathlib import Path

from pydantic import SecretStr

from control.auth.jwt import MIN_SECRET_BYTES, Signer
from control.settings import ConfigurationError, Settings
from control.weak_secrets import refuse_weak


def load_signer(settings: Settings) -> Signer:
    """Return what signs and reads this installation's tokens. Blocks.

    Raises ConfigurationError, without the secret in it, for a file that is damaged or open to others.
    """
    old = _bytes(settings.jwt_secret_previous)
    return Signer(_bytes(settings.jwt_secret) or _from_file(settings.jwt_secret_file), previous=old)


def _bytes(secret: SecretStr | None) -> bytes | None:
    return secret.get_secret_value().strip().encode() if secret is not None else None


def _from_file(path: Path) -> bytes:
    try:
        if not path.exists():
            _create(path)
        mode = path.stat().st_mode
        secret = path.read_text(encoding="ascii")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"DATA_DIR/secrets/jwt-secret cannot be used ({type(error).__name__})") from None
    if stat.S_IMODE(mode) & 0o077:
        raise ConfigurationError("DATA_DIR/secrets/jwt-secret can be read by other users: set its mode to 0600")
    secret = secret.strip()
    try:
        refuse_weak("the secret in DATA_DIR/secrets/jwt-secret", secret, least=MIN_SECRET_BYTES)
    except ValueError as error:
        raise ConfigurationError(str(error)) from None
    return secret.encode()


def _create(path: Path) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(secrets.token_urlsafe(48) + "\n")
            file.flush()
            os.fsync(file.fileno())
        # A link never replaces: of two processes that start at once both end up with the same secret.
        try:
            os.link(draft, path)
        except FileExistsError:
            return
    finally:
        draft.unlink()
