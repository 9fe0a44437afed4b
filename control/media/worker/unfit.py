"""Why a file cannot be sent, as it is said between the worker processes and control."""

from __future__ import annotations

from typing import Literal

Code = Literal["media_invalid", "media_type_refused", "media_too_large"]


class Unfit(Exception):
    """code: of control/errors.py. sentence: for the caller, nothing of a library in it."""

    def __init__(self, code: Code, sentence: str) -> None:
        self.code: Code = code
        self.sentence = sentence
        super().__init__(sentence)
