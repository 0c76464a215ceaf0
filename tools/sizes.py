#!/usr/bin/env python3
"""Checks how long files and functions are: short enough to read in one go.

Files have at most 500 lines and 95 % of them at most 350. Functions have at most 60 lines and 95 % of them at most 35.
Test bodies, which are told from top to bottom, may have 100 lines and don't count for the 95 %.
"""
import ast
import pathlib
import re
import subprocess
import sys

FILE_LIMIT, FILE_USUAL = 500, 350
FUNCTION_LIMIT, FUNCTION_USUAL, TEST_LIMIT = 60, 35, 100
USUALLY = 0.95
KINDS = {".hpp": "c++", ".cpp": "c++", ".py": "python", ".sh": "shell"}
BLANKED = re.compile(
    r"""//[^\n]*|/\*.*?\*/|R"(?P<mark>[^(\s]*)\(.*?\)(?P=mark)"|"(?:\\.|[^"\\\n])*"|(?<![0-9a-fA-F])'(?:\\.|[^'\\\n])+'""", re.S)
NOT_A_FUNCTION = re.compile(r"\b(namespace|class|struct|union|enum|extern)\b[^()]*$")


def blank(text):
    """The same lines without what comments and literals say, so that braces are code."""
    return BLANKED.sub(lambda match: re.sub(r"[^\n]", " ", match.group()), text)


def cpp_functions(text):
    """Outermost function bodies, as (line, length); from the first line of the head to the closing brace."""
    clean = re.sub(r"^[ \t]*#(?:[^\n]*\\\n)*[^\n]*", lambda m: re.sub(r"[^\n]", " ", m.group()), blank(text), flags=re.M)
    found, blocks, start = [], [], 0
    for match in re.finditer(r"[{};]", clean):
        place = match.start()
        within = any(kind == "body" for kind, _ in blocks)
        if match.group() == "{":
            head = clean[start:place]
            kind = "block" if within else kind_of_block(head)
            first = start + len(head) - len(head.lstrip())
            blocks.append((kind, clean.count("\n", 0, first) + 1))
            if kind != "value":
                start = place + 1
        elif match.group() == "}" and blocks:
            kind, line = blocks.pop()
            if kind == "body":
                found.append((line, clean.count("\n", 0, place) + 2 - line))
            if kind != "value":
                start = place + 1
        elif not within and not any(kind == "value" for kind, _ in blocks):
            start = place + 1
    return found


def kind_of_block(head):
    """What a brace opens: the body of a function, a value within a head (`= {}`, a member's initialiser), or another block."""
    head = head.strip()
    if head.count("(") > head.count(")") or re.search(r"\)\s*(noexcept\s*)?:(?!:).*?(^|[\s,:])[\w:<>]+$", head, re.S):
        return "value"
    if "(" not in head or NOT_A_FUNCTION.search(head) or head.endswith(("=", ",", "return")):
        return "block"
    return "body"


def python_functions(text):
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            yield node.lineno, node.end_lineno - node.lineno + 1


def shell_functions(text):
    start = None
    for number, line in enumerate(text.splitlines(), 1):
        if re.match(r"^[a-z_]+\(\) \{$", line):
            start = number
        elif re.match(r"^\}", line) and start:
            yield start, number - start + 1
            start = None


def kind_of(path, text):
    return KINDS.get(path.suffix) or ("shell" if text.startswith("#!") and "bash" in text.split("\n", 1)[0] else None)


def tracked(root):
    """What git would commit; everything where there is no git."""
    command = ["git", "-C", str(root), "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    listed = subprocess.run(command, capture_output=True)
    if listed.returncode == 0:
        return [root / name for name in listed.stdout.decode().split("\0") if name]
    return [path for path in root.rglob("*") if "build" not in path.parts and ".local" not in path.parts]


def measure(root):
    readers = {"c++": cpp_functions, "python": python_functions, "shell": shell_functions}
    files, functions, tests = [], [], []
    for path in sorted(set(tracked(root))):
        if not path.is_file() or path.is_symlink() or (path.suffix not in KINDS and path.suffix):
            continue
        text = path.read_text(errors="replace")
        kind = kind_of(path, text)
        if not kind:
            continue
        name = str(path.relative_to(root))
        files.append((text.count("\n"), name))
        into = tests if "tests" in pathlib.PurePath(name).parts else functions
        into.extend((length, f"{name}:{line}") for line, length in readers[kind](text))
    return files, functions, tests


def faults(items, limit, usual, what):
    for length, name in sorted(items, reverse=True):
        if length > limit:
            yield f"{name}: a {what} of {length} lines; the limit is {limit}"
    small = sum(length <= usual for length, _ in items)
    if usual < limit and items and small < USUALLY * len(items):
        yield f"only {100 * small / len(items):.1f} % of {len(items)} {what}s have at most {usual} lines; 95 % should. The longest:"
        yield from (f"    {length:4} {name}" for length, name in sorted(items, reverse=True)[: len(items) // 20 + 5] if length > usual)


def main():
    root = pathlib.Path(__file__).resolve().parent.parent
    files, functions, tests = measure(root)
    found = [*faults(files, FILE_LIMIT, FILE_USUAL, "file"), *faults(functions, FUNCTION_LIMIT, FUNCTION_USUAL, "function"),
             *faults(tests, TEST_LIMIT, TEST_LIMIT, "function")]
    print(*found, sep="\n", end="\n" if found else "")
    print(f"{len(files)} files, {len(functions)} functions, {len(tests)} functions in tests")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
