"""The institution's account on a Discourse forum."""
