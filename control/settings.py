"""Every environment variable the control plane reads, in one frozen model.

`.env.example` is compared with this model by a test, docs/configuration.md is generated from it. The file
.env itself is read in one place, scripts/environment, for all programs; only the environment counts here.
"""

from __future__ import annotations

import ipaddress
import os
import re
from functools import cached_property
from pathlib import Path
from typing import Annotated, Literal

from pydantic import (
    AliasChoices,
    Field,
    SecretStr,
    ValidationError,
    ValidationInfo,
    field_validator,
    model_validator,
)
from pydantic_settings import NoDecode, SettingsConfigDict

from control.settings_media import MediaSettings
from control.weak_secrets import refuse_unsendable, refuse_weak

MIN_JWT_SECRET_BYTES = 32
"""RFC 7518 §3.2: a key of HS256 has the size of the hash at least."""

RATE_PATTERN = r"^(off|[1-9][0-9]{0,6}/[1-9][0-9]{0,4})$"
"""`600/60`: 600 requests in 60 seconds; `off`: no limit."""

# The kernel's sun_path has 108 bytes, one of which ends the string.
MAX_SOCKET_PATH_BYTES = 107

_ORIGIN = re.compile(r"[a-z][a-z0-9+.-]*://[^\s/@?#]+")

IpNetwork = ipaddress.IPv4Network | ipaddress.IPv6Network


class ConfigurationError(Exception):
    """The configuration cannot be right. Its text is one sentence for the operator and has no secret in it."""


class Settings(MediaSettings):
    """The configuration, read once at start. A value that cannot be right refuses to start and says why."""

    model_config = SettingsConfigDict(
        # Compose files and copied examples set variables to nothing: that means the default.
        env_ignore_empty=True,
        extra="ignore",
        frozen=True,
        populate_by_name=True,
    )

    node_env: Literal["production", "development", "test"] = Field(
        "production", alias="NODE_ENV", description="Where this runs; only shown in /health."
    )
    host: str = Field("0.0.0.0", alias="HOST", description="Address the REST API listens on.")  # noqa: S104
    port: int = Field(3000, alias="PORT", ge=0, le=65535, description="Port the REST API listens on.")
    base_url: str = Field(
        default_factory=lambda values: f"http://localhost:{values.get('port') or 3000}",
        alias="BASE_URL",
        description="The address callers reach this service at; default http://localhost with PORT.",
    )
    api_key: SecretStr | None = Field(
        None,
        alias="API_KEY",
        description="The operator's API key. Without it the one in DATA_DIR/secrets/api-key is used.",
    )
    jwt_secret: SecretStr | None = Field(
        None,
        alias="JWT_SECRET",
        description="Signs tokens and connect links, at least 32 random characters. Without it the one in "
        "DATA_DIR/secrets/jwt-secret is used, which is made at the first start.",
    )
    jwt_secret_previous: SecretStr | None = Field(
        None,
        alias="JWT_SECRET_PREVIOUS",
        description="The JWT_SECRET before this one: what it signed is taken until it expires.",
    )
    tenant_creation: Literal["open", "operator"] = Field(
        "open",
        alias="TENANT_CREATION",
        description="Who creates tenants: open, each with its first start; operator, only the operator's key.",
    )
    quota_messages_per_day: int = Field(
        0,
        alias="QUOTA_MESSAGES_PER_DAY",
        ge=0,
        le=100_000_000,
        description="Messages a tenant may send a day (UTC) unless it has a quota of its own; 0 for no limit.",
    )
    quota_storage_mb: int = Field(
        0,
        alias="QUOTA_STORAGE_MB",
        ge=0,
        le=10_000_000,
        description="Room that a tenant's files may take before it may send no more files; 0 for no limit.",
    )
    quota_webhooks: int = Field(
        0,
        alias="QUOTA_WEBHOOKS",
        ge=0,
        le=20,
        description="Webhooks a tenant may have; 0 for the 20 that are possible.",
    )
    metrics_token: SecretStr | None = Field(
        None,
        alias="METRICS_TOKEN",
        description="Lets a monitoring system read /metrics and nothing else. Without it that takes the API_KEY.",
    )
    metrics_tenants_max: int = Field(
        0,
        alias="METRICS_TENANTS_MAX",
        ge=0,
        le=1000,
        description="So many tenants have series of their own in /metrics, those with the most waiting first.",
    )
    allowed_origins: Annotated[tuple[str, ...], NoDecode] = Field(
        (),
        alias="ALLOWED_ORIGINS",
        description="Web pages that may call the API, as origins (https://app.example) separated by commas.",
    )
    trusted_proxies: Annotated[tuple[IpNetwork, ...], NoDecode] = Field(
        (),
        alias="TRUSTED_PROXIES",
        description="Networks of your own proxies, whose X-Forwarded-For is believed, separated by commas.",
    )
    rate_limit_ip: str = Field(
        "1200/60",
        alias="RATE_LIMIT_IP",
        pattern=RATE_PATTERN,
        description="Requests/seconds of one address that shows no credential known as good; docs/rate-limits.md.",
    )
    rate_limit_failed_auth: str = Field(
        "120/60",
        alias="RATE_LIMIT_FAILED_AUTH",
        pattern=RATE_PATTERN,
        description="Wrong credentials/seconds from one address, and for one key from all; off for no limit.",
    )
    rate_limit_operator: str = Field(
        "30000/10",
        alias="RATE_LIMIT_OPERATOR",
        pattern=RATE_PATTERN,
        description="Requests/seconds with the operator's key; off for no limit.",
    )
    rate_limit_key: str = Field(
        "1200/60",
        alias="RATE_LIMIT_KEY",
        pattern=RATE_PATTERN,
        description="Requests/seconds with one key made by API, or one token; off for no limit.",
    )
    rate_limit_tenant: str = Field(
        "3000/60",
        alias="RATE_LIMIT_TENANT",
        pattern=RATE_PATTERN,
        description="Requests/seconds of one tenant with all its keys; off for no limit.",
    )
    max_connections: int = Field(
        2000,
        alias="MAX_CONNECTIONS",
        ge=16,
        le=50_000,
        description="Connections open at once; past it the one idle longest is closed.",
    )
    max_connections_per_ip: int = Field(
        256,
        alias="MAX_CONNECTIONS_PER_IP",
        ge=4,
        le=50_000,
        description="Connections of one address open at once; trusted proxies and this machine may have more.",
    )
    webhook_url: str | None = Field(
        None,
        validation_alias=AliasChoices("WEBHOOK_URL", "LOCAI_WEBHOOK_URL"),
        description="Where events of tenants go that named no webhook of their own. LOCAI_WEBHOOK_URL works too.",
    )
    webhook_secret: SecretStr | None = Field(
        None,
        validation_alias=AliasChoices("WEBHOOK_SECRET", "LOCAI_WEBHOOK_SECRET"),
        description="Signs webhooks to WEBHOOK_URL. LOCAI_WEBHOOK_SECRET works too.",
    )
    webhook_timeout_seconds: int = Field(
        15,
        alias="WEBHOOK_TIMEOUT_SECONDS",
        ge=1,
        le=30,
        description="What one attempt to deliver a webhook may take, connecting included.",
    )
    webhook_retention_days: int = Field(
        7,
        alias="WEBHOOK_RETENTION_DAYS",
        ge=1,
        le=30,
        description="How long an event waits for a webhook that does not take it or is switched off.",
    )
    data_dir: Path = Field(
        Path("./data"),
        alias="DATA_DIR",
        description="Everything written at run time lives below this folder.",
    )
    run_dir: Path | None = Field(
        None,
        alias="RUN_DIR",
        description="Folder of the Unix sockets, at most 80 characters; default DATA_DIR/run.",
    )
    bridge_socket: Path | None = Field(
        None, alias="BRIDGE_SOCKET", description="Socket of the bridge; default RUN_DIR/bridge.sock."
    )
    redis_url: str | None = Field(
        None,
        alias="REDIS_URL",
        description="Redis 7 or newer; default is the embedded one at RUN_DIR/redis.sock.",
    )
    redis_prefix: str = Field("wa", alias="REDIS_PREFIX", description="First part of every Redis key.")
    outbound_allow_cidrs: Annotated[tuple[IpNetwork, ...], NoDecode] = Field(
        (),
        alias="OUTBOUND_ALLOW_CIDRS",
        description="Internal networks that webhooks, media and proxies may reach, separated by commas.",
    )
    backup_key_file: Path | None = Field(
        None,
        alias="BACKUP_KEY_FILE",
        description="File with the key or passphrase of backups, readable by its owner only; see docs/backup.md.",
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        "info", alias="LOG_LEVEL", description="Least important lines that are logged."
    )

    @field_validator("allowed_origins", mode="before")
    @classmethod
    def _split_origins(cls, value: object) -> object:
        return (
            tuple(part.strip() for part in value.split(",") if part.strip()) if isinstance(value, str) else value
        )

    @field_validator("allowed_origins")
    @classmethod
    def _origins_can_match(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for origin in value:
            if origin != "*" and not _ORIGIN.fullmatch(origin):
                raise ValueError("must be origins such as https://app.example, without a path")
        return value

    @field_validator("outbound_allow_cidrs", "trusted_proxies", mode="before")
    @classmethod
    def _split_networks(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        return tuple(ipaddress.ip_network(part.strip()) for part in value.split(",") if part.strip())

    @field_validator("api_key")
    @classmethod
    def _refuse_weak_key(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None:
            refuse_weak("API_KEY", value.get_secret_value())
            refuse_unsendable("API_KEY", value.get_secret_value().strip())
        return value

    @field_validator("webhook_secret")
    @classmethod
    def _refuse_weak_webhook_secret(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None:
            refuse_weak("WEBHOOK_SECRET", value.get_secret_value())
        return value

    @field_validator("jwt_secret", "jwt_secret_previous")
    @classmethod
    def _refuse_weak_jwt_secret(cls, value: SecretStr | None, field: ValidationInfo) -> SecretStr | None:
        if value is not None:
            name = str(field.field_name).upper()
            refuse_weak(name, value.get_secret_value().strip(), least=MIN_JWT_SECRET_BYTES)
        return value

    @model_validator(mode="after")
    def _secrets_differ(self) -> Settings:
        secrets = {
            "API_KEY": self.api_key,
            "JWT_SECRET": self.jwt_secret,
            "JWT_SECRET_PREVIOUS": self.jwt_secret_previous,
            "WEBHOOK_SECRET": self.webhook_secret,
            "METRICS_TOKEN": self.metrics_token,
        }
        seen: dict[str, str] = {}
        for name, secret in secrets.items():
            value = secret.get_secret_value() if secret is not None else ""
            if value and value in seen:
                raise ValueError(f"{seen[value]} and {name} are the same: who knows one must not know the other")
            seen[value] = name
        return self

    @model_validator(mode="after")
    def _metrics_token_is_one(self) -> Settings:
        if self.metrics_token is not None:
            refuse_weak("METRICS_TOKEN", self.metrics_token.get_secret_value())
        return self

    @model_validator(mode="after")
    def _webhook_needs_secret(self) -> Settings:
        if self.webhook_url and not self.webhook_secret:
            raise ValueError("WEBHOOK_URL is set but WEBHOOK_SECRET is not: webhooks are always signed")
        return self

    @model_validator(mode="after")
    def _sockets_fit(self) -> Settings:
        if len(os.fsencode(self.bridge_socket_path)) > MAX_SOCKET_PATH_BYTES:
            raise ValueError(
                f"the path of the bridge's socket has more than {MAX_SOCKET_PATH_BYTES} bytes: "
                "set RUN_DIR to a shorter folder"
            )
        return self

    @cached_property
    def socket_dir(self) -> Path:
        """The folder of the Unix sockets."""
        return self.run_dir or self.data_dir / "run"

    @cached_property
    def bridge_socket_path(self) -> Path:
        """The bridge's socket."""
        return self.bridge_socket or self.socket_dir / "bridge.sock"

    @cached_property
    def redis_address(self) -> str:
        """The URL of Redis, embedded or not."""
        return self.redis_url or f"unix://{(self.socket_dir / 'redis.sock').absolute()}"

    @cached_property
    def spool_dir(self) -> Path:
        """Where media wait for the bridge."""
        return self.data_dir / "spool"

    @cached_property
    def api_key_file(self) -> Path:
        """Where the key of an installation lives that sets no API_KEY."""
        return self.data_dir / "secrets" / "api-key"

    @cached_property
    def jwt_secret_file(self) -> Path:
        """Where the signing secret of an installation lives that sets no JWT_SECRET."""
        return self.data_dir / "secrets" / "jwt-secret"


def load_settings() -> Settings:
    """Read the environment; raises ConfigurationError with a sentence that names what is wrong."""
    try:
        return Settings()
    except ValidationError as error:
        # Only names and reasons: the values may be secrets.
        wrong = error.errors(include_input=False, include_url=False, include_context=False)
        raise ConfigurationError("; ".join(_sentence(item["loc"], item["msg"]) for item in wrong)) from None


def _sentence(place: tuple[int | str, ...], message: str) -> str:
    said = message.removeprefix("Value error, ")
    name = str(place[0]) if place else ""
    return said if said.startswith(name) else f"{name}: {said}"
