#!/usr/bin/env python3
"""Checks deploy/ against the program, so that neither drifts from the other.

Every variable that is set must be a setting of the program, or a file that holds one; ports, the health check and commands must be the
program's; secrets that are used must be declared, and those that are declared must be made by deploy/secrets.sh; what is copied into
the image must be there; images must name their version; no secret may stand in a file.
"""
import pathlib
import re
import sys

import yaml

ROOT = pathlib.Path(__file__).resolve().parent.parent
OF_IMAGES = {"POSTGRES_DB", "POSTGRES_USER", "POSTGRES_PASSWORD_FILE"}


def settings():
    text = (ROOT / "src/core/base/settings.cpp").read_text()
    return set(re.findall(r'^    \{"([A-Z_]+)",', text, re.M))


def commands():
    return set(re.findall(r'add_subcommand\(\s*"([a-z]+)"', (ROOT / "src/core/program/command_line.cpp").read_text()))


def is_setting(name, known):
    return name in known or name.endswith("_FILE") and name.removesuffix("_FILE") in known


def instructions(text):
    """(name, rest) of each instruction of a Dockerfile, continued lines joined."""
    joined = re.sub(r"\\\n", " ", re.sub(r"(?m)^\s*#.*\n", "", text))
    for line in joined.splitlines():
        if line.strip():
            name, _, rest = line.strip().partition(" ")
            yield name.upper(), re.sub(r"\s+", " ", rest).strip()


def dockerfile_faults(text, known, known_commands):
    stages, environment, last = [], {}, {}
    for name, rest in instructions(text):
        last[name] = rest
        if name == "FROM":
            stages.append(rest)
            environment = {}
        elif name == "ENV":
            environment.update(pair.split("=", 1) for pair in rest.split())
        elif name == "COPY" and "--from=" not in rest:
            for source in rest.split()[:-1]:
                # The console is built from its own folder where there is one.
                if source != "console" and not (ROOT / source).exists():
                    yield f"it copies {source}, which isn't there"
    for variable in environment:
        if not is_setting(variable, known):
            yield f"{variable} is no setting"
    if environment.get("TAMITI_HTTP_PORT") != last.get("EXPOSE"):
        yield "the port that it exposes is not the one that the program listens on"
    if last.get("USER") != "10001:10001":
        yield "it doesn't run as a user of its own, 10001"
    for words in (last.get("CMD", ""), last.get("HEALTHCHECK", "")):
        named = re.findall(r'"([a-z]+)"\]$', words)
        if not named or named[0] not in known_commands:
            yield f"there is no command of {words!r}"
    if any(not re.match(r"\$\{BASE\}", stage) for stage in stages):
        yield "a stage begins with another image than the others"
    if "BASE=debian:12-slim" not in text:
        yield "its base is not debian:12-slim"


def environment_of(service):
    found = service.get("environment") or {}
    return found if isinstance(found, dict) else dict(one.split("=", 1) for one in found)


def service_faults(name, service, known, known_commands, secrets):
    image = service.get("image", "")
    is_ours = image == "tamiti"
    if not is_ours and not re.search(r":\d", image):
        yield f"{name}: the image {image} names no version"
    for variable, value in environment_of(service).items():
        if not is_setting(variable, known) and variable not in OF_IMAGES:
            yield f"{name}: {variable} is no setting"
        if re.search(r"(SECRET|PASSWORD|_URL)$", variable) and value:
            yield f"{name}: {variable} holds a secret; give it as {variable}_FILE"
        held = re.fullmatch(r"/run/secrets/(\w+)", str(value))
        if held and held.group(1) not in (service.get("secrets") or []):
            yield f"{name}: {variable} names the secret {held.group(1)}, which the service isn't given"
    for secret in service.get("secrets") or []:
        if secret not in secrets:
            yield f"{name}: the secret {secret} is not declared"
    if is_ours:
        if service.get("command", ["run"])[0] not in known_commands:
            yield f"{name}: there is no command {service['command'][0]}"
        if not service.get("read_only") or service.get("cap_drop") != ["ALL"]:
            yield f"{name}: its root can be written, or it has capabilities"


def compose_faults(text, known, known_commands, made):
    document = yaml.safe_load(text)
    secrets = document.get("secrets") or {}
    for name, service in document["services"].items():
        yield from service_faults(name, service, known, known_commands, secrets)
        for other in service.get("depends_on") or {}:
            if other not in document["services"]:
                yield f"{name}: it waits for {other}, which isn't there"
    for secret in secrets:
        if secret not in made:
            yield f"deploy/secrets.sh doesn't make {secret}"
    migrates = document["services"]["studio"]["depends_on"].get("migrate", {}).get("condition")
    if migrates != "service_completed_successfully":
        yield "the studio doesn't wait for the migrations"


# What the check must find.
WRONG = "services: {studio: {image: tamiti, command: [fly], environment: {TAMITI_COLOUR: x, DATABASE_URL: secret}, depends_on: {}}}"
FOUND = 5


def main():
    known, known_commands = settings(), commands()
    found = list(compose_faults(WRONG, known, known_commands, set()))
    if len(known) < 40 or len(known_commands) < 8 or len(found) != FOUND:
        sys.exit(f"tools/deploy.py is broken: {len(known)} settings, {len(known_commands)} commands, {found}")
    made = set(re.findall(r"keep (\w+) ", (ROOT / "deploy/secrets.sh").read_text()))
    faults = [f"deploy/Dockerfile: {fault}"
              for fault in dockerfile_faults((ROOT / "deploy/Dockerfile").read_text(), known, known_commands)]
    faults += [f"deploy/compose.yaml: {fault}"
               for fault in compose_faults((ROOT / "deploy/compose.yaml").read_text(), known, known_commands, made)]
    print("\n".join(faults) if faults else "Dockerfile and compose.yaml name what the program knows")
    sys.exit(bool(faults))


if __name__ == "__main__":
    main()
