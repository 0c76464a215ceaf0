#!/usr/bin/env python3
"""Checks how apps write and read SQL.

Text with its values in braces (core/db/sql.hpp), in one literal each: no pieces glued by + or by standing side by side, no values by
number ($1). Rows by the names of their columns (tx.one, find_one, all, value): no reads by place, unless a comment just above begins
with "By place:" and says why, as where an Output writes rows.
"""
import pathlib
import re
import sys

TOKEN = re.compile(
    r"""//[^\n]*|/\*.*?\*/                       # comments
      |(?:u8|[uUL])?R"(?P<end>[^\s()\\]*)\((?P<raw>.*?)\)(?P=end)"
      |(?P<text>"(?:[^"\\\n]|\\.)*")
      |'(?:[^'\\\n]|\\.)+'
      |[A-Za-z_]\w*|\+=|\S""",
    re.S | re.X,
)
SQL = re.compile(
    r"\b(SELECT|INSERT INTO|UPDATE \w+ SET|DELETE FROM|FROM|WHERE|ORDER BY|GROUP BY|RETURNING|UNION|VALUES|EXISTS|LIMIT|JOIN"
    r"|SET \w+ =|IS (NOT )?NULL|= ANY|<> ALL|FOR UPDATE)\b"
    r"|\b(AND|OR) (NOT |EXISTS|\(|[a-z_.]+ ([=<>@~]|IS|IN))"
)
READ = r"(text|integer|boolean|is_null|optional_text)\s*\(\s*[^)\s]"
BY_PLACE = re.compile(rf"\bdb::(Row|Result)\b|\]\s*\.\s*{READ}|\brow\w*\.{READ}|\btx\.rows\(|\btransaction\(\)\s*\.\s*run\(")
BY_NUMBER = re.compile(r"\$\d")
REASON = "// By place:"


def tokens(source):
    """(line, text, literal or None) of each token; comments are left out."""
    for match in TOKEN.finditer(source):
        text = match.group()
        if text.startswith(("//", "/*")):
            continue
        literal = match.group("raw")
        if literal is None and match.group("text") is not None:
            literal = match.group("text")[1:-1]
        yield source.count("\n", 0, match.start()) + 1, text, literal


def by_place(source):
    """Lines that read a column by its place without a reason in the comment above."""
    lines = source.split("\n")
    for number, line in enumerate(lines):
        if not BY_PLACE.search(re.sub(r'"(?:[^"\\]|\\.)*"|//.*', "", line)):
            continue
        above = number - 1
        while above >= 0 and lines[above].strip().startswith("//"):
            if lines[above].strip().startswith(REASON):
                break
            above -= 1
        if above < 0 or not lines[above].strip().startswith(REASON):
            yield number + 1


def findings(source):
    """(line, kind) of each fault of one file."""
    for line in by_place(source):
        yield line, "reads by place"
    all_tokens = list(tokens(source))
    for i, (line, _, literal) in enumerate(all_tokens):
        if literal is None:
            continue
        if BY_NUMBER.search(literal):
            yield line, "values by number"
        if not SQL.search(literal):
            continue
        before = all_tokens[i - 1] if i else (0, "", None)
        after = all_tokens[i + 1] if i + 1 < len(all_tokens) else (0, "", None)
        if before[1] in ("+", "+=") or after[1] == "+" or after[2] is not None:
            yield line, "glued pieces"


# What the check must find, and what it must leave alone.
EXAMPLES = (
    ('auto s = "SELECT FROM " + table;', ["glued pieces"]),
    ('sql += " WHERE a = b";', ["glued pieces"]),
    ('f("SELECT a"\n  " FROM t");', ["glued pieces"]),
    ('f("SELECT FROM t WHERE id = $1", id);', ["values by number"]),
    ("const int n = found[0].integer(0);", ["reads by place"]),
    ("for (const db::Row row : rows)", ["reads by place"]),
    ('for (const auto row : tx.rows(Sql("SELECT 1"))) f(row.text(0));', ["reads by place"]),
    ("// By place: each is written as it comes.\nfor (const db::Row row : rows)", []),
    ('f({R"(SELECT FROM t WHERE id = {})", id});', []),
    ('// "SELECT " + x, $1, db::Row\nf(id.text() + "x");', []),
    ('throw Invalid("a", "Choose one " + name + " OR another.");', []),
    ("writer.integer(rows);", []),
)


def main():
    for source, kinds in EXAMPLES:
        found = [kind for _, kind in findings(source)]
        if found != kinds:
            sys.exit(f"tools/sql.py is broken: {source!r} has {found}, not {kinds}")
    root = pathlib.Path(__file__).resolve().parent.parent
    files = sorted(path for path in (root / "src/apps").rglob("*.[ch]pp") if "tests" not in path.relative_to(root).parts)
    counts, faults = {}, 0
    for path in files:
        name = path.relative_to(root)
        for line, kind in sorted(findings(path.read_text(errors="replace"))):
            faults += 1
            counts[kind] = counts.get(kind, 0) + 1
            print(f"{name}:{line}: {kind}")
    shown = ", ".join(f"{count} {kind}" for kind, count in sorted(counts.items())) or "no faults"
    print(f"{len(files)} files, {shown}")
    sys.exit(1 if faults else 0)


if __name__ == "__main__":
    main()
