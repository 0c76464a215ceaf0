#!/usr/bin/env python3
"""Checks that relative links in *.md lead to files and headings that exist."""
import pathlib
import re
import sys
import urllib.parse

from sizes import tracked

ROOT = pathlib.Path(__file__).resolve().parent.parent
LINK = re.compile(r"(?<!\\)\[(?:[^\[\]]|\[[^\]]*\])*\]\(\s*<?([^)\s>]+)>?(?:\s+\"[^\"]*\")?\s*\)|^\[[^\]]+\]:\s*(\S+)", re.M)
FENCE = re.compile(r"^(```|~~~).*?^\1[ \t]*$", re.M | re.S)
CODE = re.compile(r"`[^`\n]*`")


def anchors(text):
    """What headings are called in an address, as code forges and viewers make it: lower case, words joined by hyphens."""
    names, seen = set(re.findall(r"<a\s+(?:id|name)=\"([^\"]+)\"", text)), {}
    for heading in re.findall(r"^#{1,6}\s+(.*?)\s*#*$", FENCE.sub("", text), re.M):
        plain = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading)
        name = re.sub(r"[^\w\- ]", "", plain.lower()).strip().replace(" ", "-")
        count = seen.get(name, 0)
        seen[name] = count + 1
        names.add(f"{name}-{count}" if count else name)
    return names


def fault(page, link):
    """Why a link of a page leads nowhere, or nothing."""
    if re.match(r"^[a-z][a-z0-9+.-]*:", link, re.I):
        return None
    address, _, anchor = link.partition("#")
    target = (page.parent / urllib.parse.unquote(address)).resolve() if address else page
    if ROOT not in (target, *target.parents):
        return "leads out of the repository"
    if not target.exists():
        return "leads to no file"
    if anchor and target.suffix == ".md" and urllib.parse.unquote(anchor) not in anchors(target.read_text()):
        return "leads to no heading"
    return None


def main():
    found, count = [], 0
    pages = sorted({page for page in tracked(ROOT) if page.suffix == ".md" and page.is_file()})
    for page in pages:
        text = CODE.sub("", FENCE.sub("", page.read_text()))
        for inline, reference in LINK.findall(text):
            count += 1
            why = fault(page, inline or reference)
            if why:
                found.append(f"{page.relative_to(ROOT)}: {inline or reference} {why}")
    print(*found, sep="\n", end="\n" if found else "")
    print(f"{count} links in {len(pages)} pages")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
