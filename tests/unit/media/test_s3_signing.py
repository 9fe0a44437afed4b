"""Signatures beside those of botocore, and the example of the S3 API Reference."""

from __future__ import annotations

import datetime
import hashlib
from unittest import mock
from urllib.parse import parse_qsl, urlencode

import botocore.auth
import pytest
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from control.media.s3_signing import EMPTY_SHA256, Signer, encoded_path

NOW = 1_369_353_600.0
AT = datetime.datetime.fromtimestamp(NOW, datetime.UTC)
ACCESS, SECRET = "AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
SIGNER = Signer(ACCESS, SECRET, "us-east-1")
KEYS = ["plain", "pre fix/tenant/med_0123", "ção/+&=?#%/~'()*!", "a//b/../c"]


@pytest.mark.parametrize("key", KEYS)
def test_a_put_is_signed_as_botocore_signs_it(key: str) -> None:
    body = b"picture"
    url = f"https://s3.example.com:9000/bucket/{encoded_path(key)}"
    headers = {"Content-Type": "image/jpeg", "Content-Disposition": 'attachment; filename="a  b"'}
    theirs = AWSRequest(method="PUT", url=url, headers=headers, data=body)
    with mock.patch.object(botocore.auth, "get_current_datetime", return_value=AT):
        botocore.auth.S3SigV4Auth(Credentials(ACCESS, SECRET), "s3", "us-east-1").add_auth(theirs)
    # botocore leaves the digest out only over TLS with another checksum; here both sign it.
    ours = SIGNER.headers("PUT", url, headers, sha256=hashlib.sha256(body).hexdigest(), now=NOW)
    assert theirs.headers["X-Amz-Content-SHA256"] == ours["x-amz-content-sha256"]
    assert theirs.headers["Authorization"] == ours["Authorization"]


@pytest.mark.parametrize("key", KEYS)
def test_an_address_is_signed_as_botocore_signs_it(key: str) -> None:
    url = f"https://s3.example.com/bucket/{encoded_path(key)}"
    query = {
        "response-content-disposition": "attachment; filename*=UTF-8''a%20b.jpg",
        "response-content-type": "a/b",
    }
    theirs = AWSRequest(method="GET", url=f"{url}?{urlencode(query)}")
    with mock.patch.object(botocore.auth, "get_current_datetime", return_value=AT):
        botocore.auth.S3SigV4QueryAuth(Credentials(ACCESS, SECRET), "s3", "us-east-1", expires=300).add_auth(
            theirs
        )
    ours = SIGNER.address(url, query, seconds=300, now=NOW)
    assert ours.startswith(f"{url}?")
    assert dict(parse_qsl(ours.partition("?")[2])) == dict(parse_qsl(theirs.url.partition("?")[2]))


def test_the_secret_is_in_nothing_that_is_shown_or_sent() -> None:
    sent = SIGNER.headers("HEAD", "https://s3.example.com/b/k", {}, sha256=EMPTY_SHA256, now=NOW)
    assert SECRET not in repr(SIGNER)
    assert SECRET not in repr(sent)
    assert SECRET not in SIGNER.address("https://s3.example.com/b/k", {}, seconds=10, now=NOW)
