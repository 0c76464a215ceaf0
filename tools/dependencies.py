#!/usr/bin/env python3
"""Checks which way includes point: apps.cpp -> apps -> core.

`core` knows no app, and of its own folders each includes only those before it in the order of LAYERS. An app includes of another only models.hpp, access.hpp, service.hpp and events.hpp, and the graph of apps has no
cycle. No C++ source but a test names another app's table: its rows are asked for through its scopes or its service. Migrations may, to
refer to it; tests may, to look at what was written.
Its tests may also use another's tests/factories.hpp. The engine's tests (tests/core) know no app: they have toys of their own.
Only src/apps.cpp, src/main.cpp and tests may know every app. Headers that cost
seconds (Beast, Asio, libcurl, spdlog, Prometheus) stay out of headers that other headers include; <regex> is used nowhere.
"""
import pathlib
import re
import sys

INCLUDE = re.compile(r'^\s*#\s*include\s*(["<])([^">]+)[">]', re.M)
LAYERS = ("base db telemetry http site access cache model jobs audit events mail api openapi program engine").split()
OPEN = ("models.hpp", "access.hpp", "service.hpp", "events.hpp")
TABLE = re.compile(r"\bCREATE TABLE (\w+)|\bRENAME TO (\w+)")
COMMENT = re.compile(r"(?:^|\s)//.*")
HEAVY = re.compile(r"boost/(asio|beast)|curl/curl\.h|spdlog/|prometheus/|boost/json\.hpp|boost/json/src\.hpp")


def includes(path):
    return [(quote, name) for quote, name in INCLUDE.findall(path.read_text(errors="replace"))]


def app_fault(app, in_tests, target):
    """Why an app may not include `target` ("apps/other/file.hpp"), or nothing."""
    _, other, *rest = target.split("/")
    if other == app or not rest:
        return None
    file = "/".join(rest)
    if file in OPEN or (in_tests and file == "tests/factories.hpp"):
        return None
    return f"is {other}'s own; of another app only {', '.join(OPEN)} may be included"


def layer_fault(folder, target):
    """Why a folder of core may not include `target` ("core/other/file.hpp"), or nothing."""
    if folder not in LAYERS:
        return f"is included from core/{folder}, which has no place in the order of layers; give it one"
    other = target.split("/")[1]
    if other not in LAYERS or LAYERS.index(other) <= LAYERS.index(folder):
        return None
    return f"lies above core/{folder}: {' < '.join(LAYERS)}"


def file_faults(source, path, graph, shared):
    """`shared`: the headers that other headers include."""
    name = path.relative_to(source)
    place = name.parts
    in_tests = "tests" in place
    for quote, target in includes(path):
        fault = None
        if target == "regex":
            fault = "is slow to compile and can overflow the stack on hostile input"
        elif path.suffix == ".hpp" and HEAVY.search(target) and str(name) in shared:
            fault = "costs seconds in each file that includes this header, and other headers do; include it in a .cpp"
        elif quote == '"' and target.startswith("tests/") and not in_tests:
            fault = "belongs to the tests"
        elif place[0] == "core" and target.startswith(("apps/", "apps.hpp")):
            fault = "belongs to the apps, which the engine doesn't know"
        elif place[0] == "core" and target.startswith("core/"):
            fault = layer_fault(place[1], target)
        elif place[0] == "apps" and target.startswith("apps/"):
            fault = app_fault(place[1], in_tests, target)
            other = target.split("/")[1]
            if not in_tests and other != place[1]:
                graph.setdefault(place[1], {}).setdefault(other, f"src/{name}")
        if fault:
            yield f"src/{name}: {target} {fault}"


def tables(source):
    """A pattern that finds the tables of the apps, each of which begins with its app's name."""
    names = set()
    for path in source.glob("apps/*/migrations/*.sql"):
        names.update(old or new for old, new in TABLE.findall(path.read_text()))
    apps = {path.name for path in (source / "apps").iterdir() if path.is_dir()}
    names = {name for name in names if name.split("_")[0] in apps}
    return re.compile(r"\b(?:" + "|".join(sorted(names, key=len, reverse=True)) + r")\b")


def table_faults(source, path, pattern):
    name = path.relative_to(source)
    if "tests" in name.parts:
        return
    own = name.parts[1] if name.parts[0] == "apps" else None
    for number, line in enumerate(path.read_text(errors="replace").splitlines(), 1):
        for table in pattern.findall(COMMENT.sub("", line)):
            if table.split("_")[0] != own:
                yield f"src/{name}:{number}: {table} is another app's table; ask for its rows through its access.hpp or service.hpp"


def cycle(graph):
    """One cycle of apps, as a list of names, or nothing."""
    finished = set()

    def visit(app, path):
        if app in path:
            return path[path.index(app):] + [app]
        if app in finished:
            return None
        for other in graph.get(app, {}):
            found = visit(other, path + [app])
            if found:
                return found
        finished.add(app)
        return None

    for app in sorted(graph):
        found = visit(app, [])
        if found:
            return found
    return None


def main():
    source = pathlib.Path(__file__).resolve().parent.parent / "src"
    graph, found = {}, []
    files = sorted(source.rglob("*.[hc]pp"))
    shared = {target for path in files if path.suffix == ".hpp" for _, target in includes(path)}
    pattern = tables(source)
    for path in files:
        found.extend(file_faults(source, path, graph, shared))
        found.extend(table_faults(source, path, pattern))
    for path in sorted((source.parent / "tests/core").rglob("*.[hc]pp")):
        found.extend(f"tests/core/{path.name}: {target} belongs to the apps, which the engine's tests don't know"
                     for _, target in includes(path) if target.startswith("apps/"))
    ring = cycle(graph)
    if ring:
        steps = [f"{graph[a][b]} includes {b}" for a, b in zip(ring, ring[1:])]
        found.append(f"the apps form a ring, {' -> '.join(ring)}: {'; '.join(steps)}. Turn one arrow into an event.")
    print(*found, sep="\n", end="\n" if found else "")
    print(f"{len(files)} files, {sum(map(len, graph.values()))} arrows between apps")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
