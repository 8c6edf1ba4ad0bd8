"""Pages: what each shows, and what happens on it. They do nothing at import."""
