"""A web page that lists articles, found by CSS selectors; the text of each article is extracted."""
