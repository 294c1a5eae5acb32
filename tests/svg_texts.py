# SPDX-License-Identifier: GPL-2.0
"""The texts of an SVG picture and where they are, measured with the font that plots ask for."""

import re
import struct
import xml.etree.ElementTree as ElementTree

FONT = "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf"
SVG = "{http://www.w3.org/2000/svg}"

# Of the letters of a line, above and below its base, in parts of the font's size.
ASCENT, DESCENT = 0.73, 0.21


class Font:
    """Advance widths of a TrueType font: the tables head, hhea, hmtx and cmap (format 4)."""

    def __init__(self, path=FONT):
        with open(path, "rb") as file:
            self.data = file.read()
        self.tables = {}
        for i in range(self.number("H", 4)):
            tag, _, offset, _ = struct.unpack_from(">4sIII", self.data, 12 + 16 * i)
            self.tables[tag.decode()] = offset
        self.em = self.number("H", self.tables["head"] + 18)
        self.metrics = self.number("H", self.tables["hhea"] + 34)
        self.glyphs = self.read_cmap()

    def number(self, kind, offset):
        return struct.unpack_from(">" + kind, self.data, offset)[0]

    def read_cmap(self):
        at = self.tables["cmap"]
        subtables = [at + self.number("I", at + 8 + 8 * i)
                     for i in range(self.number("H", at + 2))]
        table = next(table for table in subtables if self.number("H", table) == 4)
        nr = self.number("H", table + 6) // 2
        ends, starts = table + 14, table + 16 + 2 * nr
        glyphs = {}
        for i in range(nr):
            first, last = self.number("H", starts + 2 * i), self.number("H", ends + 2 * i)
            delta = self.number("H", starts + 2 * (nr + i))
            at = starts + 2 * (2 * nr + i)
            offset = self.number("H", at)
            for code in range(first, last + 1):
                if code == 0xffff:
                    continue
                glyph = self.number("H", at + offset + 2 * (code - first)) if offset else code
                glyphs[code] = (glyph + delta) % 0x10000
        return glyphs

    def width(self, text, size):
        ems = 0
        for letter in text:
            glyph = min(self.glyphs.get(ord(letter), 0), self.metrics - 1)
            ems += self.number("H", self.tables["hmtx"] + 4 * glyph)
        return size * ems / self.em


class Picture:
    """An SVG as gnuplot writes it. @texts: pairs of a text and its box (left, top, right, bottom)"""

    def __init__(self, path, font=Font()):
        root = ElementTree.parse(path).getroot()
        self.width, self.height = (float(root.get(name)) for name in ("width", "height"))
        self.texts = []
        for group in root.iter(SVG + "g"):
            for text in group.findall(SVG + "text"):
                words = "".join(text.itertext())
                if words.strip():
                    self.texts.append((words, self.box(group, words, font)))

    @staticmethod
    def box(group, text, font):
        place = re.match(r"translate\(([-\d.]+),([-\d.]+)\)( rotate\(-90\))?",
                         group.get("transform"))
        x, y = float(place.group(1)), float(place.group(2))
        size = float(group.get("font-size"))
        width = font.width(text, size)
        begin = {"start": 0, "middle": -width / 2, "end": -width}[group.get("text-anchor")]
        if place.group(3):
            return x - ASCENT * size, y - begin - width, x + DESCENT * size, y - begin
        return x + begin, y - ASCENT * size, x + begin + width, y + DESCENT * size

    def words(self):
        return [text for text, _ in self.texts]

    def overlaps(self):
        """Pairs of texts that overlap by more than half a pixel."""
        found = []
        for i, (text, a) in enumerate(self.texts):
            for other, b in self.texts[:i]:
                if min(a[2], b[2]) - max(a[0], b[0]) > 0.5 and \
                        min(a[3], b[3]) - max(a[1], b[1]) > 0.5:
                    found.append((other, text))
        return found

    def cut(self):
        """Texts that are not wholly on the page."""
        return [text for text, box in self.texts
                if box[0] < 0 or box[1] < 0 or box[2] > self.width or box[3] > self.height]
