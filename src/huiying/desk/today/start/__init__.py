"""The first run: from an empty database to a desk that can tell somebody, page by page, to be left and taken up again."""
