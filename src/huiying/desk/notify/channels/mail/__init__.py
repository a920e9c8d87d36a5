"""Electronic mail through the server that HUIYING_MAIL_URL names."""
