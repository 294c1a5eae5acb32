#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""A report as people see it: in Chromium, wide and narrow, light and dark."""

import os
import struct
import sys
import zlib

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

from browser import Browser
from harness import Work, check, main, same, test
from made_pages import paired, swept, timed
from made_results import EXAMPLE, made, many, put

WIDTHS = (1280, 400)
# Everything that may be wider than the window, and how far it is.
OVERFLOW = "document.documentElement.scrollWidth - innerWidth"
IMAGES = "[...document.images].map(image => image.complete && image.naturalWidth > 100)"
# Tables that do not fit scroll by themselves; the reader reaches their last column.
SCROLLED = """[...document.querySelectorAll('.scroll')].map(box => {
    box.scrollLeft = 1e6;
    return box.scrollLeft + box.clientWidth >= box.scrollWidth - 1;
})"""
# Relative luminance of what is written and of what it is written on, for every text of a page.
CONTRASTS = """(() => {
    const channel = value => value <= 0.03928 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
    const numbers = colour => colour.match(/[\\d.]+/g).map(Number);
    const light = colour => {
        const [r, g, b] = numbers(colour).map(value => channel(value / 255));
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const back = element => {
        for (; element; element = element.parentElement) {
            const colour = getComputedStyle(element).backgroundColor;
            if (numbers(colour)[3] !== 0)
                return colour;
        }
        return 'rgb(255, 255, 255)';
    };
    return [...document.querySelectorAll('h1, h2, h3, p, li, b, span, td, th, a, figcaption')]
        .filter(element => element.textContent.trim()).map(element => {
            const a = light(getComputedStyle(element).color), b = light(back(element));
            return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
        }).sort((a, b) => a - b)[0];
})()"""


def pixels(png):
    """Rows of RGB bytes of a screenshot."""
    width, height, depth, kind = struct.unpack(">IIBB", png[16:26])
    channels = {2: 3, 6: 4}[kind]
    same(depth, 8, "bits of a channel")
    data, at = b"", 8
    while at < len(png):
        length, name = struct.unpack(">I4s", png[at:at + 8])
        if name == b"IDAT":
            data += png[at + 8:at + 8 + length]
        at += 12 + length
    data, stride, rows = zlib.decompress(data), width * channels, []
    before = bytearray(stride)
    for y in range(height):
        begin = y * (stride + 1)
        row = bytearray(data[begin + 1:begin + 1 + stride])
        unfilter(data[begin], row, before, channels)
        rows.append(row)
        before = row
    return width, channels, rows


def unfilter(method, row, before, channels):
    """PNG's five ways to write a row as differences from its neighbours."""
    for x in range(len(row) if method else 0):
        left = row[x - channels] if x >= channels else 0
        up, corner = before[x], before[x - channels] if x >= channels else 0
        if method == 1:
            row[x] = (row[x] + left) & 255
        elif method == 2:
            row[x] = (row[x] + up) & 255
        elif method == 3:
            row[x] = (row[x] + (left + up) // 2) & 255
        else:
            near = min((abs(up - corner), 0, left), (abs(left - corner), 1, up),
                       (abs(left + up - 2 * corner), 2, corner))
            row[x] = (row[x] + near[2]) & 255


def written(work, name, *paths, options=()):
    work.run("report", *paths, "-o", work.path(name), *options)
    return work.path(name)


def several(work):
    """Pages of all kinds of results."""
    old, new = made(6, 1, seed=1), made(6, lambda case: 1.1 if case["bench"] == "mutex" else 1)
    new["kernel"]["release"] = "6.18.1-with-a-name-that-is-so-long-that-no-telephone-has-room"
    return {
        "example": written(work, "example.html", EXAMPLE),
        "two kernels": written(work, "two.html", put(work, "a.json", old),
                               put(work, "b.json", new)),
        "sweep": written(work, "sweep.html", put(work, "sweep.json", swept())),
        "pairs": written(work, "pairs.html", put(work, "pairs.json", paired())),
        "latencies": written(work, "latencies.html", put(work, "timed.json", timed())),
    }


@test("wide and narrow, light and dark: no page wider than the window, no message, no request; "
      "all images are there, tables scroll, texts can be read")
def looks():
    with Work() as work, Browser() as browser:
        for name, path in several(work).items():
            for width in WIDTHS:
                for dark in (False, True):
                    what = f"{name}, {width} px, {'dark' if dark else 'light'}"
                    browser.open(path, width, dark=dark, mobile=width < 600)
                    check(browser.evaluate(OVERFLOW) <= 0,
                          f"{what}: {browser.evaluate(OVERFLOW)} px wider than the window")
                    images = browser.evaluate(IMAGES)
                    check(images or name == "none", f"{what}: no picture")
                    check(all(images), f"{what}: a picture does not show: {images}")
                    check(all(browser.evaluate(SCROLLED)), f"{what}: a table does not scroll")
                    contrast = browser.evaluate(CONTRASTS)
                    check(contrast >= 4.5, f"{what}: contrast of {contrast}")
                    same(browser.messages, [], what + ": messages")
                    outside = [url for url in browser.requests
                               if not url.startswith(("data:", "file://" + work.dir))]
                    same(outside, [], what + ": requests")


@test("what is seen first is dark on light, or light on dark as the reader's system is")
def colours():
    with Work() as work, Browser() as browser:
        path = written(work, "page.html", EXAMPLE, options=["--no-plots"])
        for dark in (False, True):
            browser.open(path, 400, 300, dark=dark)
            width, channels, rows = pixels(browser.screenshot())
            ground = rows[-1][:3]
            check((max(ground) < 60) == dark and (min(ground) > 200) != dark,
                  f"the ground is {tuple(ground)}")
            inks = {tuple(row[x:x + 3]) for row in rows
                    for x in range(0, width * channels, channels)}
            check(len(inks) > 20, f"only {len(inks)} colours")


@test("a page of 5,000 cases opens in 2 s")
def opens():
    with Work() as work, Browser() as browser:
        path = written(work, "page.html", put(work, "many.json", many(5000, 1)))
        browser.open(path)
        seconds = browser.open(path)
        check(seconds < 2, f"{seconds:.2f} s")
        same(browser.evaluate("document.querySelectorAll('tbody tr').length >= 5000"), True,
             "all rows are there")


@test("a page can be printed: no table is cut off")
def printed():
    with Work() as work, Browser() as browser:
        browser.open(written(work, "page.html", EXAMPLE, options=["--no-plots"]), 718)
        browser.call("Emulation.setEmulatedMedia", media="print")
        cut = browser.evaluate("[...document.querySelectorAll('.scroll')].filter("
                               "box => box.scrollWidth > box.clientWidth + 1).length")
        same(cut, 0, "tables wider than a page of A4")
        pdf = browser.call("Page.printToPDF")["data"]
        check(len(pdf) > 10000, "an empty print")


main()
