"""newsnow: ranked lists of many sites through one interface."""
