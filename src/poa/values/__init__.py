"""Protected values: found and normalised in English and Chinese text."""

from poa.values.base import Value

__all__ = ["Value"]
