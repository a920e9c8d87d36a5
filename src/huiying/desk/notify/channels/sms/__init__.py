"""Text messages through the HTTP interface of whichever gateway the institution has."""
