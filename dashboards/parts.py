"""A text as the list of parts that scripts put on a page: each a string, or a number with what it names.

A number is `[text, value, cell]`; `filter.js` makes an element of it that names its released cell.
"""

Part = str | list[str]


def parts(text: str) -> list[Part]:
    """The text in parts."""
    return [text] if text else []
