"""Any JSON interface, by a mapping of its fields."""
