"""Reads an answer of /metrics."""

from __future__ import annotations

from prometheus_client.parser import text_string_to_metric_families

Labels = dict[str, str]


class Samples:
    """The samples of one scrape."""

    def __init__(self, text: str) -> None:
        self.families = {family.name: family for family in text_string_to_metric_families(text)}
        self._samples = [sample for family in self.families.values() for sample in family.samples]

    @property
    def names(self) -> set[str]:
        """The names of all series, as queries use them."""
        return {sample.name for sample in self._samples}

    def value(self, name: str, **labels: str) -> float | None:
        """The value of the one series of this name with these labels, None without one."""
        found = [s.value for s in self._samples if s.name == name and labels.items() <= s.labels.items()]
        assert len(found) < 2, f"{name} {labels} names {len(found)} series"
        return found[0] if found else None

    def labels(self, name: str) -> list[Labels]:
        """The labels of every series of this name."""
        return [dict(sample.labels) for sample in self._samples if sample.name == name]
