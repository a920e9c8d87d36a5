"""Checks on a text before it leaves the house: every finding has its place, its reason and, where one exists, its mend."""
