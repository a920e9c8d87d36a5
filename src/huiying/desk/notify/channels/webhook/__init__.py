"""Any program that takes a JSON POST: a relay, a duty system, a screen."""
