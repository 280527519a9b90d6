"""Protected values: found and normalised in English and Chinese text."""

from poa.values.base import Value
from poa.values.english import find_values, same_value

__all__ = ["Value", "find_values", "same_value"]
