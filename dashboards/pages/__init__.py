"""One module per page, each with `build(released) -> Page`.

A new page is a module here, a line in `dashboards.site` and one in the menu of `dashboards.page`.
"""
