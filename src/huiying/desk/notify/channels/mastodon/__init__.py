"""The institution's account on a server that speaks Mastodon's interface."""
