"""Which keys and secrets are none: short, guessable, or public because some example has them."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Final

MIN_SECRET_LENGTH: Final = 16

HOW_TO_MAKE_ONE: Final = "openssl rand -base64 48"

# What other gateways shipped as their default, and so what is tried first on every gateway; and what stands in our
# own documents. A test compares the second half with the documents. Lower case.
_PUBLISHED: Final = frozenset(
    {
        "429683c4c977415caafcce10f7d57e11",
        "b6d711fcde4d4fd5936544120e713976",
        "l=0ywt]b2w[wf>#>:&e`",
        "bqyhjgjhj",
        "h4zbhw72pbkdtigs",
        "1234abcd",
        "thisismysecuretoken",
        "admin",
        "waha",
        "at-least-16-characters",
        "a-secret-of-your-own",
        "the-secret-it-has-now",
        "whsec_mdeymzq1njc4owfiy2rlzjaxmjm0nty3odlhymnkzwy=",
    }
)

# What examples are made of, in the languages people write them in, spelled without anything between the words. A
# random secret of 40 characters has one of these by chance once in millions.
_EXAMPLES: Final = re.compile(
    r"change.{0,4}(?:me|this|in|it|before)|your.{0,16}(?:secret|key|jwt|token)|(?:super|top|my|jwt|webhook).{0,6}secret"
    r"|secretkey|apikey|example|placeholder|replace.{0,4}(?:me|this|with)|insert.{0,8}here|password|randomstring"
    r"|chave(?:secreta|aleatoria)|segredo|secreta|1234567890|abcdefghij|qwertyuiop|loremipsum"
)
_BETWEEN: Final = re.compile(r"[^a-z0-9]+")
_LEAST_DIFFERENT: Final = 6
_MOST_IN_A_ROW: Final = 0.6
"""Of a secret's steps from one character to the next, those that are to the same or the neighbouring one."""


def refuse_weak(name: str, secret: str, *, least: int = MIN_SECRET_LENGTH) -> None:
    """Raise ValueError, with a sentence for the operator and without the secret, when it is weak or public.

    least: bytes it has to have.
    """
    lower = secret.lower()
    if lower in _PUBLISHED or _EXAMPLES.search(_BETWEEN.sub("", lower)):
        raise ValueError(
            f"{name} is an example that others know too: use random characters of your own, such as those of "
            f"`{HOW_TO_MAKE_ONE}`"
        )
    if (
        len(secret.encode("utf-8", "surrogateescape")) < least
        or len(set(secret)) < _LEAST_DIFFERENT
        or _repeats(secret)
        or _in_a_row(secret) > _MOST_IN_A_ROW
    ):
        raise ValueError(
            f"{name} is too weak: use at least {least} random characters, such as those of `{HOW_TO_MAKE_ONE}`"
        )


def refuse_unsendable(name: str, key: str) -> None:
    """Raise ValueError for a key that no header can carry."""
    if not (key.isascii() and key.isprintable() and " " not in key):
        raise ValueError(f"{name} has blanks or other characters that no header carries")


def _repeats(secret: str) -> bool:
    """Whether it is one thing several times over."""
    return secret in (secret + secret)[1:-1]


def _in_a_row(secret: str) -> float:
    steps = [abs(ord(after) - ord(before)) <= 1 for before, after in pairwise(secret)]
    return sum(steps) / len(steps) if steps else 1.0
