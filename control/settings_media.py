"""The environment variables about media, a part of control/settings.py."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Self
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings


class MediaSettings(BaseSettings):
    """Files that are sent and received, and the bucket."""

    media_image_max_mb: int = Field(
        16,
        alias="MEDIA_IMAGE_MAX_MB",
        ge=1,
        le=100,
        description="Largest image that is taken, and sticker's source.",
    )
    media_audio_max_mb: int = Field(
        16, alias="MEDIA_AUDIO_MAX_MB", ge=1, le=100, description="Largest audio file or voice note that is taken."
    )
    media_video_max_mb: int = Field(
        16, alias="MEDIA_VIDEO_MAX_MB", ge=1, le=1024, description="Largest video that is taken."
    )
    media_document_max_mb: int = Field(
        100, alias="MEDIA_DOCUMENT_MAX_MB", ge=1, le=2048, description="Largest document that is taken."
    )
    media_base64_max_mb: int = Field(
        16,
        alias="MEDIA_BASE64_MAX_MB",
        ge=1,
        le=64,
        description="Largest file that is taken as mediaBase64, which is held in memory.",
    )
    media_spool_max_mb: int = Field(
        1024,
        alias="MEDIA_SPOOL_MAX_MB",
        ge=16,
        description="Room for files on their way to WhatsApp, in DATA_DIR/spool.",
    )
    media_conversion_seconds: int = Field(
        60,
        alias="MEDIA_CONVERSION_SECONDS",
        ge=1,
        le=600,
        description="The longest that ffmpeg may take for a file.",
    )
    ffmpeg_path: Path | None = Field(
        None,
        alias="FFMPEG_PATH",
        description="The ffmpeg that converts voice notes and videos; default is the one in PATH, if any.",
    )
    media_s3_endpoint: str | None = Field(
        None,
        alias="MEDIA_S3_ENDPOINT",
        description="Server of an S3-compatible bucket for received media, as https://host; see docs/media.md.",
    )
    media_s3_bucket: str | None = Field(None, alias="MEDIA_S3_BUCKET", description="Name of the bucket.")
    media_s3_region: str = Field("us-east-1", alias="MEDIA_S3_REGION", description="Region of the bucket.")
    media_s3_access_key: str | None = Field(
        None,
        alias="MEDIA_S3_ACCESS_KEY",
        description="Access key id; may list the bucket and read, write and delete its objects.",
    )
    media_s3_secret_key: SecretStr | None = Field(
        None, alias="MEDIA_S3_SECRET_KEY", description="The secret of the access key."
    )
    media_s3_prefix: str = Field(
        "", alias="MEDIA_S3_PREFIX", max_length=256, description="What the name of every object begins with."
    )
    media_s3_url_seconds: int = Field(
        300,
        alias="MEDIA_S3_URL_SECONDS",
        ge=10,
        le=604_800,
        description="How long an address in the bucket is good that was answered to a download.",
    )
    audit_max_entries: int = Field(
        50_000,
        alias="AUDIT_MAX_ENTRIES",
        ge=1_000,
        le=1_000_000,
        description="Entries the audit log keeps in Redis, about 400 bytes each; the oldest go first.",
    )
    audit_retention_days: int = Field(
        90,
        alias="AUDIT_RETENTION_DAYS",
        ge=1,
        le=3650,
        description="How long an entry of the audit log is kept; it holds an IP address.",
    )

    @field_validator("media_s3_endpoint")
    @classmethod
    def _endpoint_is_a_server(cls, value: str | None) -> str | None:
        parts = urlsplit(value) if value is not None else None
        if parts is not None and (
            parts.scheme not in ("http", "https")
            or not parts.hostname
            or parts.username is not None
            or parts.query
            or parts.fragment
        ):
            raise ValueError("must be an address such as https://s3.eu-central-1.amazonaws.com")
        return value

    @model_validator(mode="after")
    def _bucket_is_whole(self) -> Self:
        parts = {
            "MEDIA_S3_ENDPOINT": self.media_s3_endpoint,
            "MEDIA_S3_BUCKET": self.media_s3_bucket,
            "MEDIA_S3_ACCESS_KEY": self.media_s3_access_key,
            "MEDIA_S3_SECRET_KEY": self.media_s3_secret_key,
        }
        missing = [name for name, value in parts.items() if not value]
        if missing and len(missing) < len(parts):
            raise ValueError(f"{missing[0]} is missing: a bucket needs {', '.join(parts)}")
        return self

    @model_validator(mode="after")
    def _ffmpeg_is_there(self) -> Self:
        if self.ffmpeg_path is not None and not (
            self.ffmpeg_path.is_file() and os.access(self.ffmpeg_path, os.X_OK)
        ):
            raise ValueError("FFMPEG_PATH is not a program")
        return self
