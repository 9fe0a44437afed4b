"""From JSON values to the contract's shapes.

The generated models take null for a field that may be absent; the contract knows no null at all, and the bridge's
schema refuses it. So does `parse`, so that both sides mean the same by the same line.
"""

from __future__ import annotations

from typing import Any, TypeVar

from pydantic import BaseModel
from pydantic_core import InitErrorDetails, PydanticCustomError, ValidationError

M = TypeVar("M", bound=BaseModel)


def parse(model: type[M], raw: Any) -> M:
    """Return `raw`, JSON values, as `model`; raises pydantic's ValidationError when it is no such thing."""
    place = _null_in(raw)
    if place is not None:
        problem = PydanticCustomError("null", "null is not a value of the contract")
        raise ValidationError.from_exception_data(
            model.__name__, [InitErrorDetails(type=problem, loc=place, input=None)]
        )
    return model.model_validate(raw)


def _null_in(value: Any, place: tuple[int | str, ...] = ()) -> tuple[int | str, ...] | None:
    """Return where the first null stands, None when there is none."""
    if value is None:
        return place
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in inner:
        if (found := _null_in(item, (*place, key))) is not None:
            return found
    return None
