# SPDX-License-Identifier: GPL-2.0
"""A page of HTML as tests look at it: well-formed, and asking for nothing."""

from html.parser import HTMLParser

from harness import check

# Elements that reports are made of; what else is in one came from a result.
KNOWN = set("html head meta title link style body main header section footer nav a h1 h2 h3 p ul "
            "li b i span div figure figcaption table thead tbody tr th td img details "
            "summary".split())
VOID = {"meta", "link", "img"}


class Page(HTMLParser):
    """@text: all that a reader sees; @tables: lists of rows of cells; @images: their sources;
    @rows: of the tables alone, as lists of texts."""

    def __init__(self, html):
        super().__init__(convert_charrefs=True)
        self.open = []
        self.tags = []
        self.text = ""
        self.tables = []
        self.images = []
        self.ids = []
        self.links = []
        self.classes = []
        self.feed(html)
        self.close()
        check(not self.open, f"elements that do not end: {self.open}")

    def handle_starttag(self, tag, attrs):
        names = [name for name, value in attrs]
        check(len(names) == len(set(names)), f"<{tag}> has an attribute twice: {attrs}")
        check(not any(name.startswith("on") for name in names), f"<{tag}> has a script: {attrs}")
        self.tags.append(tag)
        attrs = dict(attrs)
        if "id" in attrs:
            self.ids.append(attrs["id"])
        self.classes += (attrs.get("class") or "").split()
        for name in ("href", "src"):
            if name in attrs:
                self.links.append(attrs[name])
        if tag == "img":
            self.images.append(attrs)
        if tag == "table":
            self.tables.append([])
        if tag == "tr":
            self.tables[-1].append([])
        if tag in ("td", "th"):
            self.tables[-1][-1].append("")
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        check(self.open and self.open[-1] == tag, f"</{tag}> within {self.open}")
        self.open.pop()

    def handle_data(self, data):
        if "style" in self.open:
            return
        self.text += data
        if "td" in self.open or "th" in self.open:
            self.tables[-1][-1][-1] += data

    def check_contained(self):
        """One file: nothing of it is anywhere else, and no script is in it."""
        unknown = set(self.tags) - KNOWN
        check(not unknown, f"elements that no report has: {unknown}")
        for link in self.links:
            check(link.startswith(("#", "data:")), f"link to the outside: {link[:100]}")
        for link in self.links:
            if link.startswith("#"):
                check(link[1:] in self.ids, f"link to nowhere: {link}")
        check(len(self.ids) == len(set(self.ids)), f"ids twice: {self.ids}")

    def column(self, title, table=0):
        """Of the nth table that has a column of that name."""
        found = [one for one in self.tables if title in one[0]][table]
        place = found[0].index(title)
        return [row[place] for row in found[1:]]
