"""Where the sandbox is, from the environment of the process."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class SandboxAddress(BaseSettings):
    """Where the sandbox is. `scripts/run --sandbox` sets it for its processes; it is not read from .env."""

    model_config = SettingsConfigDict(env_file=None, env_ignore_empty=True, extra="ignore", frozen=True)

    url: str | None = Field(None, alias="SANDBOX_URL")
    ca_file: Path | None = Field(None, alias="SANDBOX_CA_FILE")
