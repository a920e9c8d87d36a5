"""RSSHub: feeds made for sites that have none."""
