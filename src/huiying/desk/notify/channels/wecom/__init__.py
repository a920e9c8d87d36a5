"""A robot of a WeCom (企业微信) group."""
