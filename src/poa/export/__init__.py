"""A finished draft in other forms."""
