"""A strict parser of RFC 9651 lists of strings with integer parameters: all that rate limit fields are."""

from __future__ import annotations

import re

_STRING = re.compile(r'"((?:[ !#-\[\]-~]|\\["\\])*)"')
_PARAMETER = re.compile(r";[ ]*([a-z*][a-z0-9_.*-]*)=(-?[0-9]{1,15})(?![0-9.])")
_BETWEEN = re.compile(r"[ \t]*,[ \t]*")


def parse_list(text: str) -> list[tuple[str, dict[str, int]]]:
    """Return the members; ValueError for anything that is not a list of strings with integer parameters."""
    at, members = 0, []
    while True:
        string = _STRING.match(text, at)
        if string is None:
            raise ValueError(f"no string at {at}: {text!r}")
        at, parameters = string.end(), {}
        while (parameter := _PARAMETER.match(text, at)) is not None:
            parameters[parameter[1]] = int(parameter[2])
            at = parameter.end()
        members.append((string[1], parameters))
        if at == len(text):
            return members
        between = _BETWEEN.match(text, at)
        if between is None or between.end() == len(text):
            raise ValueError(f"rubbish at {at}: {text!r}")
        at = between.end()
