"""What the contract proof knows of the API beyond its document: rows that exist, and values that rules allow."""
import copy
import json
import os
import re
import time
import urllib.error
import urllib.request
import uuid

PASSWORD = "studio-demo-2026"
WRITES = ("post", "put", "patch")
GROUP = 8  # parameters of a list that are tried together: it takes at most 20 filters

# Values that satisfy rules which no schema can say: a currency that exists, dates in their order, a role that stands alone.
ALLOWED = {
    "time_zone": ["Africa/Kampala"],
    "currency": ["UGX"],
    "start_on": ["2026-01-05"],
    "due_on": ["2026-12-18"],
    "expires_at": ["2031-01-01T00:00:00Z"],
    "status": ["planning"],
    "amount": ["150000"],
    "role": ["member"],
}
# As long as may be, so that what the generator adds to break the form breaks the rule too.
FORMS = {"code": "^[A-Z][A-Z0-9]{3,11}$", "username": "^[a-z][a-z0-9]{31}$", "password": "^[a-z]{1024}$"}
# A free-form document with rules of its own inside, a list that takes users of one role, and decimals, whose limits a schema can't say
# of text and which numbers may stand for: the apps' tests have them all.
LEFT_OUT = {"working_hours", "people", "allocation", "estimated_hours"}


def new_id():
    """A UUID of version 7."""
    bits = time.time_ns() // 1_000_000 << 80 | int.from_bytes(os.urandom(10), "big")
    return str(uuid.UUID(int=bits & ~(0xF << 76 | 0x3 << 62) | 0x7 << 76 | 0x2 << 62))


class Api:
    """Requests as one user."""

    def __init__(self, address, username):
        self.address, self.username = address, username
        self.tokens = self.ask("POST", "/auth/token", {"username": username, "password": PASSWORD})

    def ask(self, method, path, body=None):
        headers = {"Content-Type": "application/json"} if body is not None else {}
        if hasattr(self, "tokens"):
            headers["Authorization"] = "Bearer " + self.tokens["access"]
        data = json.dumps(body).encode() if body is not None else None
        request = urllib.request.Request(self.address + "/api/v1" + path, data, headers, method=method)
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:
                return json.loads(answer.read() or b"null")
        except urllib.error.HTTPError as refused:
            raise SystemExit(f"{method} {path} answered {refused.code}: {refused.read().decode()}") from None


class Studio:
    """The document and the rows that its operations are tried on."""

    def __init__(self, document, api):
        self.document, self.api = document, api
        self.schemas = document["components"]["schemas"]
        self.lists = {}
        for path, item in document["paths"].items():
            page = item.get("get", {}).get("responses", {}).get("200", {}).get("content", {}).get("application/json", {})
            name = page.get("schema", {}).get("$ref", "").rsplit("/", 1)[-1]
            if name.endswith("Page"):
                self.lists[name[:-4].lower()] = path
        self.known = {}

    def some_id(self, schema):
        """The id of a row that a reference may lead to, or None where the schema is none."""
        found = re.search(r"Ids? of (?:a )?\w+\.(\w+) rows?\.", schema.get("description", ""))
        path = found and self.lists.get(found.group(1).replace("_", ""))
        if not path:
            return None
        if path not in self.known:
            # A client can't be what a colleague can: in a team, of a project.
            whose = "&roles__any=staff" if path == "/users" else ""
            self.known[path] = self.api.ask("GET", f"{path}?page_size=1&ordering=-created_at{whose}")["results"][0]["id"]
        return self.known[path]

    def make(self, path, **given):
        """Creates a row with what is required and answers its id."""
        body = self.document["paths"][path]["post"]["requestBody"]["content"]["application/json"]["schema"]
        schema = self.schemas[body["$ref"].rsplit("/", 1)[-1]]
        row = {"id": new_id()}
        for name in schema.get("required", []):
            row[name] = self.value(path, name, schema["properties"][name])
        return self.api.ask("POST", path, {**row, **given})["id"]

    def value(self, path, name, schema):
        if reference := self.some_id(schema):
            # A pair of references may be allowed once: each row gets a fresh one.
            target = next(other for other, known in self.known.items() if known == reference)
            return self.make(target) if path == "/members" else reference
        if schema.get("format") == "email":
            return f"{uuid.uuid4().hex[:12]}@studio.example"
        if "Unique" in schema.get("description", ""):
            return uuid.uuid4().hex[:10].upper()
        return ["staff"] if name == "roles" else schema["examples"][0]


# --- the document as the generator can use it --------------------------------------------------------------------------------


def or_null(schema, made):
    """`made`, and null too where `schema` takes it."""
    kinds = schema.get("type", [])
    if "null" not in kinds and {"type": "null"} not in schema.get("oneOf", []):
        return made
    return {"oneOf": [made, {"type": "null"}]}


def narrow(studio, name, schema):
    """The schema of an input's member with values that exist and that rules allow."""
    if name == "roles":
        return {**schema, "items": {"type": "string", "enum": ["staff"]}}
    if found := schema.get("type") != "array" and studio.some_id(schema):
        return or_null(schema, {"type": "string", "enum": [found]})
    if name in ALLOWED:
        return or_null(schema, {"type": "string", "enum": ALLOWED[name]})
    if "oneOf" in schema:
        inner = copy.deepcopy(schema["oneOf"][0])
        inner["properties"] = {key: narrow(studio, key, one) for key, one in inner.get("properties", {}).items()}
        return or_null(schema, inner)
    if name in FORMS:
        return {"type": "string", "pattern": FORMS[name]}
    if schema.get("format") == "email":
        return or_null(schema, {"type": "string", "format": "email"})
    return schema


def narrow_inputs(studio, document):
    for item in document["paths"].values():
        for method in WRITES:
            content = item.get(method, {}).get("requestBody", {}).get("content", {}).get("application/json")
            if not content:
                continue
            schema = document["components"]["schemas"][content["schema"]["$ref"].rsplit("/", 1)[-1]]
            schema["properties"] = {name: narrow(studio, name, one) for name, one in schema["properties"].items()
                                    if name not in LEFT_OUT}


def resolved(document, parameter):
    if "$ref" not in parameter:
        return parameter
    return document["components"]["parameters"][parameter["$ref"].rsplit("/", 1)[-1]]


def usable(studio, parameter):
    """A query parameter in the one form that the generator can send: comma-separated lists become one item."""
    schema = parameter["schema"]
    if schema.get("type") == "array":
        schema = schema["items"]
    if "enum" in schema:
        schema = {**schema, "enum": schema["enum"][:2]}
    if parameter["name"] == "page_size":
        schema = {"type": "integer", "minimum": 1, "maximum": 200}
    return {"name": parameter["name"], "in": "query", "schema": schema}


def is_conditional(parameter):
    return parameter["in"] == "header" or parameter["name"] in ("cursor", "page")


def part(document, wanted, queries, ids):
    """The document with these operations alone; `queries` and `ids` say what they carry."""
    made = copy.deepcopy(document)
    made["paths"] = {}
    for path, method in wanted:
        operation = copy.deepcopy(document["paths"][path][method])
        operation["parameters"] = queries.get((path, method), []) + [
            {"name": name, "in": "path", "required": True, "schema": {"type": "string", "enum": [ids[path, method]]}}
            for name in re.findall(r"{(\w+)}", path)]
        if "201" in operation["responses"]:
            operation["responses"].pop("200", None)  # only after the same request was sent before
        operation["responses"].pop("304", None)
        made["paths"].setdefault(path, {})[method] = operation
    return made


def set_values(document, schema, **values):
    for name, allowed in values.items():
        document["components"]["schemas"][schema]["properties"][name] = {"type": "string", "enum": allowed}


def parts(studio, document, address):
    """(name, username, document) of each run of the generator; together they have every operation."""
    narrow_inputs(studio, document)
    every = [(path, method) for path, item in document["paths"].items() for method in item]
    special = {("/users/me", "patch"): "content", ("/milestones/{id}/sign-off", "post"): "client"}
    signing = [pair for pair in every if pair[0].startswith("/auth/")]
    lists = [("get", path) for path in studio.lists.values()]
    plain = [pair for pair in every if pair not in signing and pair not in special]

    rows, ids = {}, {}
    for path, method in every:
        base = "/" + path.split("/")[1]
        if "{" in path and base in studio.lists.values():
            ids[path, method] = studio.make(base) if "post" in document["paths"][base] else None
    finished = finished_milestone(studio, address)
    ids["/milestones/{id}/sign-off", "post"] = finished

    made = []
    groups = {}
    for method, path in lists:
        usable_ones = [usable(studio, one) for one in
                       (resolved(document, each) for each in document["paths"][path][method].get("parameters", []))
                       if not is_conditional(one)]
        # Expansions must be among the fields, so the two are not sent together.
        usable_ones.sort(key=lambda one: one["name"] == "expand")
        if usable_ones and usable_ones[-1]["name"] == "expand":
            groups.setdefault(GROUP * 100, {})[path, method] = [usable_ones.pop()]
        for number in range(0, len(usable_ones), GROUP):
            groups.setdefault(number, {})[path, method] = usable_ones[number:number + GROUP]
    for number, queries in groups.items():
        made.append((f"lists-{number // GROUP}", "admin", part(document, list(queries), queries, ids)))
    made.append(("rows", "admin", part(document, [one for one in plain if one[1] != "get" or one[0] not in studio.lists.values()], {}, ids)))
    for pair, username in special.items():
        made.append((pair[0].strip("/").replace("/", "-").replace("{id}", "row"), username, part(document, [pair], {}, ids)))
    made += signing_parts(document, signing, ids, address)
    return made


def finished_milestone(studio, address):
    client = Api(address, "client")
    project = client.ask("GET", "/projects?page_size=1")["results"][0]["id"]
    made = studio.make("/milestones", project=project, shared_with_client=True)
    studio.api.ask("POST", f"/milestones/{made}/complete", {})
    return made


def signing_parts(document, signing, ids, address):
    """Each of these ends or changes a session, so each has its own."""
    made = []
    for path, method in signing:
        changed = copy.deepcopy(document)
        user = Api(address, "staff")
        set_values(changed, "LogIn", username=["staff"], password=[PASSWORD])
        set_values(changed, "Refresh", refresh=[user.tokens["refresh"]])
        # Whatever token is sent, the answer is that its session has ended.
        changed["components"]["schemas"]["LogOut"]["properties"]["refresh"] = {"type": "string", "minLength": 1, "maxLength": 8192}
        changed["components"]["schemas"]["LogOut"]["required"] = ["refresh"]
        refresh = changed["components"]["schemas"]["LogOut"]["properties"]
        refresh["refresh"] = {"oneOf": [refresh["refresh"], {"type": "null"}]}
        if "{" in path:
            sessions = user.ask("GET", "/auth/sessions")
            sessions = sessions if isinstance(sessions, list) else sessions["results"]
            ids[path, method] = sessions[-1]["id"]
        name = path.strip("/").replace("/", "-").replace("{id}", "row") + "-" + method
        made.append((name, "staff", part(changed, [(path, method)], {}, ids)))
    return made
