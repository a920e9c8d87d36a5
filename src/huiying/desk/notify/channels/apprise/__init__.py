"""The long tail: the services that Apprise knows, by its own addresses."""
