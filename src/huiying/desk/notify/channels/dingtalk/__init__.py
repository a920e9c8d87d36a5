"""A robot of a DingTalk (钉钉) group."""
