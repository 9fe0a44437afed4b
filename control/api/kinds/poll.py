"""A poll."""

from __future__ import annotations

from typing import Annotated, ClassVar, Self

from pydantic import Field, StrictBool, StrictInt, StrictStr, model_validator

from control.api.fields import NOT_BLANK
from control.api.kinds.kind import Kind
from control.rpc.contract_gen import Option, OutgoingPoll

Answer = Annotated[StrictStr, Field(max_length=100), NOT_BLANK]


class PollIn(Kind):
    """{"type":"poll","question","options"}; one may be chosen unless selectableCount or multipleChoice says so."""

    can_mention: ClassVar[bool] = False

    question: Annotated[StrictStr, Field(max_length=255), NOT_BLANK]
    options: Annotated[list[Answer], Field(min_length=2, max_length=12)]
    selectable_count: Annotated[StrictInt, Field(ge=0, le=12)] | None = None
    multiple_choice: StrictBool | None = None

    @model_validator(mode="after")
    def _makes_sense(self) -> Self:
        if len(set(self.options)) != len(self.options):
            raise ValueError("options has the same answer twice")
        if self.selectable_count is not None and self.multiple_choice is not None:
            raise ValueError("selectableCount and multipleChoice say the same; give one of them")
        if (self.selectable_count or 0) > len(self.options):
            raise ValueError("selectableCount is larger than the number of options")
        return self

    def fillable(self) -> list[str]:
        """Return the question."""
        return [self.question]

    def content(self) -> OutgoingPoll:
        """Return the poll; the contract's 0 stands for any number."""
        count = self.selectable_count
        if count is None:
            count = 0 if self.multiple_choice else 1
        options = [Option(option) for option in self.options]
        return OutgoingPoll(type="poll", question=self.question, options=options, selectable_count=count)
