"""What the command says when it cannot go on."""


class BadInput(Exception):
    """A file or choice cannot be used; the text names the place, rule and value."""
