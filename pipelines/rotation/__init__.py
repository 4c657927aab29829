"""A new key in place of the old one: everything is read again from the exports, and the old pseudonyms go."""
