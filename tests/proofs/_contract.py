"""What the contract proof knows of the API beyond its document: rows that exist, and values that rules allow."""
import base64
import copy
import hmac
import json
import os
import re
import struct
import time
import urllib.error
import urllib.request
import uuid

PASSWORD = "studio-demo-2026"
OWN_PAGE = {"Sec-Fetch-Site": "same-origin"}  # as browsers send it
NEW_PASSWORD = "mango-lorry-84-verandah"
WRITES = ("post", "put", "patch")
GROUP = 8  # parameters of a list that are tried together: it takes at most 20 filters

# Values that satisfy rules which no schema can say: a currency that exists, dates in their order, a role that stands alone.
ALLOWED = {
    "time_zone": ["Africa/Kampala"],
    "currency": ["UGX"],
    "start_on": ["2026-01-05"],
    "due_on": ["2026-12-18"],
    "expires_at": [time.strftime("%Y-%m-%dT00:00:00Z", time.gmtime(time.time() + 5 * 86400))],  # an invitation lives a week at most
    "status": ["planning"],
    "amount": ["150000"],
    "role": ["member"],
    "on_model": ["projects.project"],
    "account_expires_at": ["2031-01-01T00:00:00Z"],
    "into": ["film"],
    "mode": ["open"],  # so that the runs which register people still may
    "content": ["JVBERi0xLjQK"],
    "csv": [f"email,first_name,roles\n{name}@studio.example,Sharon,staff\n" for name in ("achieng", "okot", "wairimu")],
}
# Items of lists.
ITEMS = {"roles": ["staff"], "grants": ["projects:read"]}
# Query parameters, of what is no list, that must name something.
ASKED = {"/search": {"models": "projects.project"}, "/tags": {"model": "projects.project"},
         "/permissions/explain": {"model": "projects.project", "id": None}}
# As long as may be, so that what the generator adds to break the form breaks the rule too.
FORMS = {"code": "^[A-Z][A-Z0-9]{3,11}$", "username": "^[a-z][a-z0-9]{31}$", "password": "^[a-z]{1024}$"}
# Free-form documents with rules of their own inside, a list that takes users of one role, decimals, whose limits a schema can't say
# of text and which numbers may stand for, versions, which addresses may register, and what is allowed with another member only: the
# apps' tests have them all.
LEFT_OUT = {"domains", "working_hours", "query", "mapping", "people", "allocation", "estimated_hours", "if_match", "out_of_office_from",
            "out_of_office_until", "out_of_office_delegate"}
# What is allowed once, and is tried before the operations that do it as well: in bulk, or by changing a row.
ONCE = {("/members", "post"), ("/users/import", "post")}
# Only with the model whose field it is; and a file of rows, which is no JSON and has a proof of its own.
LEFT_OUT_QUERIES = {"field", "format"}


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


    def cookies(self):
        """The cookie that keeps the session, after signing in by cookie."""
        request = urllib.request.Request(self.address + "/api/v1/auth/cookie", method="POST", headers={"Content-Type": "application/json", **OWN_PAGE},
                                         data=json.dumps({"username": self.username, "password": PASSWORD}).encode())
        with urllib.request.urlopen(request, timeout=10) as answer:
            every = [one.partition(";")[0] for one in answer.headers.get_all("Set-Cookie")]
            return next(one for one in every if one.startswith("tamiti_refresh="))


def inlined(document):
    """The document with the parameters and answers that its operations share written out in each."""
    made = copy.deepcopy(document)
    shared = made["components"]

    def target(one, kind):
        return copy.deepcopy(shared[kind][one["$ref"].rsplit("/", 1)[-1]]) if "$ref" in one else one

    for item in made["paths"].values():
        for operation in item.values():
            operation["parameters"] = [target(one, "parameters") for one in operation.get("parameters", [])]
            operation["responses"] = {status: target(one, "responses") for status, one in operation["responses"].items()}
    for kind in ("parameters", "responses"):
        shared.pop(kind, None)
    return made


class Studio:
    """The document, inlined, and the rows that its operations are tried on."""

    def __init__(self, document, api, sql):
        self.document, self.api, self.sql = document, api, sql
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
        row = {"id": new_id()} if "id" in schema["properties"] else {}
        for name in {*schema.get("required", []), *({"on_row"} & schema["properties"].keys())}:
            row[name] = self.value(path, name, schema["properties"][name])
        return self.api.ask("POST", path, {**row, **given})["id"]

    def mailed(self, address):
        """The token of the last link that was mailed there."""
        for _ in range(200):
            found = self.sql("SELECT substring(body_text FROM 'token=([A-Za-z0-9_-]+)') FROM core_mail WHERE recipient = "
                             f"'{address}' AND body_text LIKE '%token=%' ORDER BY created_at DESC LIMIT 1").strip()
            if found:
                return found
            time.sleep(0.05)
        raise SystemExit(f"No link was mailed to {address}.")

    def project(self):
        return self.some_id({"description": "Id of a projects.project row."})

    def value(self, path, name, schema):
        if name in ALLOWED:
            return ALLOWED[name][0]
        if name == "on_row":
            return self.project()
        if reference := self.some_id(schema):
            # A pair of references may be allowed once: each row gets a fresh one.
            target = next(other for other, known in self.known.items() if known == reference)
            return self.make(target) if path == "/members" else reference
        if schema.get("format") == "email":
            return f"{uuid.uuid4().hex[:12]}@studio.example"
        if "Unique" in schema.get("description", ""):
            return "R" + uuid.uuid4().hex[:9].upper()
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
    if name in ITEMS:
        return {**schema, "items": {"type": "string", "enum": ITEMS[name]}}
    if name == "on_row":
        return {"type": "string", "enum": [studio.project()]}
    if found := schema.get("type") != "array" and studio.some_id(schema):
        return or_null(schema, {"type": "string", "enum": [found]})
    if name in ALLOWED:
        return or_null(schema, {"type": "string", "enum": ALLOWED[name]})
    if "oneOf" in schema:
        inner = copy.deepcopy(schema["oneOf"][0])
        inner["properties"] = {key: narrow(studio, key, one) for key, one in inner.get("properties", {}).items()}
        return or_null(schema, inner)
    if name in FORMS:
        return or_null(schema, {"type": "string", "pattern": FORMS[name]})
    if schema.get("format") == "email":
        return or_null(schema, {"type": "string", "format": "email"})
    if isinstance(schema.get("type"), list):
        return or_null(schema, {**schema, "type": schema["type"][0]})
    return schema


def narrow_members(studio, schema, of):
    schema["properties"] = {name: narrow(studio, name, one) for name, one in schema["properties"].items() if name not in LEFT_OUT}
    if "Attachment" in of:  # a name without the ending that fits its content gets one, and is then too long
        schema["properties"]["name"] = {"type": "string", "pattern": "^[a-z]{196}[.]pdf$"}


def narrow_inputs(studio, document):
    done = set()
    for path, item in document["paths"].items():
        for method in WRITES:
            content = item.get(method, {}).get("requestBody", {}).get("content", {}).get("application/json")
            if not content:
                continue
            if path.endswith("/bulk"):
                narrow_bulk(studio, path.removesuffix("/bulk"), content["schema"])
            else:
                name = content["schema"]["$ref"].rsplit("/", 1)[-1]
                if name in done:
                    continue
                done.add(name)
                narrow_members(studio, document["components"]["schemas"][name], name)


def narrow_bulk(studio, path, schema):
    """Each kind of operation gets a row of its own; what they carry is narrowed with the path's own requests. Where each is for
    itself (`atomic` is false) a request with faults is answered by 200 and the faults, so all are together. A filter would find
    the rows of other requests, too: operations alone are generated."""
    if "oneOf" in schema:
        schema.update(schema.pop("oneOf")[0])
    schema["properties"].pop("atomic")
    items = schema["properties"]["operations"]["items"]
    for one in items.get("oneOf", [items]):
        one["properties"].pop("if_match", None)
        if "id" in one["properties"]:
            one["properties"]["id"] = {"type": "string", "enum": [studio.make(path)]}


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


def asked(studio, path, operation):
    """The query parameters of what is no list."""
    made = []
    for one in operation.get("parameters", []):
        if one["in"] != "query" or is_conditional(one) or one["name"] in LEFT_OUT_QUERIES:
            continue
        schema = usable(studio, one)["schema"]
        if one["name"] in ASKED.get(path, {}):
            schema = {"type": "string", "enum": [ASKED[path][one["name"]] or studio.project()]}
        elif reference := studio.some_id(one):
            schema = {"type": "string", "enum": [reference]}
        made.append({"name": one["name"], "in": "query", "required": one.get("required", False), "schema": schema})
    return made


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
        content = operation["responses"].get("200", {}).get("content", {})
        if "application/json" in content:  # other forms are for an Accept of their own
            operation["responses"]["200"]["content"] = {"application/json": content["application/json"]}
        elif "*/*" in content:
            operation["responses"]["200"]["content"] = {"application/pdf": {"schema": {"type": "string"}}}
        made["paths"].setdefault(path, {})[method] = operation
    return made


def set_values(document, schema, **values):
    for name, allowed in values.items():
        document["components"]["schemas"][schema]["properties"][name] = {"type": "string", "enum": allowed}


def parts(studio, document, address, forget):
    """(name, username or somebody signed in, document) of each run of the generator; together they have every operation. `forget` lifts every limit."""
    studio.known["/projects"] = studio.make("/projects")  # whose only member is its owner
    studio.known["/comments"] = studio.make("/comments")  # which an answer is on the same record as
    narrow_inputs(studio, document)
    every = [(path, method) for path, item in document["paths"].items() for method in item]
    # An export that was made is a free-form document, whose lists the generator takes to have items that are all like the first.
    special = {("/users/me", "patch"): "content", ("/milestones/{id}/sign-off", "post"): "client",
               ("/users/me/export", "get"): "client"}
    signing = [pair for pair in every if pair[0].startswith("/auth/") or pair[0] in LINKED]
    lists = [pair for pair in every if pair[1] == "get" and pair[0] in studio.lists.values()]
    rows = [pair for pair in every if pair not in signing and pair not in special and pair not in lists]

    ids = {}
    for path, method in every:
        if "{id}" in path and "/" + path.split("/")[1] in studio.lists.values():
            ids[path, method] = row_for(studio, path)
    ids["/meta/{model}", "get"] = "projects.project"
    ids["/milestones/{id}/sign-off", "post"] = finished_milestone(studio, address)
    yield from list_parts(studio, document, lists, ids)

    queries = {pair: asked(studio, pair[0], document["paths"][pair[0]][pair[1]]) for pair in rows
               if pair[1] == "get" and not re.fullmatch(r"/[^/]+/{id}", pair[0])}
    groups = {}
    for pair in rows:
        groups.setdefault(pair[0].split("/")[1], []).append(pair)
    for name, pairs in groups.items():
        for suffix, some in (("-once", [pair for pair in pairs if pair in ONCE]), ("", [pair for pair in pairs if pair not in ONCE])):
            if some:
                forget()
                yield f"rows-{name}{suffix}", "admin", part(document, some, queries, ids)
    for pair, username in special.items():
        yield pair[0].strip("/").replace("/", "-").replace("{id}", "row"), username, part(document, [pair], {}, ids)
    yield from signing_parts(studio, document, signing, ids, address, forget)


def list_parts(studio, document, lists, ids):
    groups = {}
    for pair in lists:
        usable_ones = [usable(studio, one) for one in document["paths"][pair[0]]["get"].get("parameters", [])
                       if not is_conditional(one) and one["name"] not in LEFT_OUT_QUERIES]
        # Expansions must be among the fields, so the two are not sent together.
        usable_ones.sort(key=lambda one: one["name"] == "expand")
        if usable_ones and usable_ones[-1]["name"] == "expand":
            groups.setdefault(GROUP * 100, {})[pair] = [usable_ones.pop()]
        for number in range(0, len(usable_ones), GROUP):
            groups.setdefault(number, {})[pair] = usable_ones[number:number + GROUP]
    for number, queries in groups.items():
        yield f"lists-{number // GROUP}", "admin", part(document, list(queries), queries, ids)


def row_for(studio, path):
    """A row in the state that the operation is for."""
    base = "/" + path.split("/")[1]
    if base == "/user-imports":
        sheet = f"email,first_name,roles\n{uuid.uuid4().hex[:12]}@studio.example,Sharon,staff\n"
        studio.api.ask("POST", "/users/import", {"csv": sheet})
        return studio.api.ask("GET", "/user-imports?page_size=1&ordering=-created_at")["results"][0]["id"]
    row = studio.make(base)
    if path.endswith(("/erase", "/reactivate")):
        studio.api.ask("POST", f"/users/{row}/deactivate", {})
    if path.endswith("/erase"):  # the first time it wants the name, which no schema can say; from then on there is none
        name = studio.api.ask("GET", f"/users/{row}")["username"]
        studio.api.ask("POST", f"/users/{row}/erase", {"confirm": name})
    if path.endswith("/restore"):
        studio.api.ask("DELETE", f"{base}/{row}")
    return row


def finished_milestone(studio, address):
    client = Api(address, "client")
    project = client.ask("GET", "/projects?page_size=1")["results"][0]["id"]
    made = studio.make("/milestones", project=project, shared_with_client=True)
    studio.api.ask("POST", f"/milestones/{made}/complete", {})
    return made


# --- signing in: most of these end or change a session, so each has its own; the quiet ones share one ------------------------

LINKED = ("/invitations/accept",)
QUIET = (("/auth/register", "post"), ("/auth/sessions", "get"), ("/auth/sign-ins", "get"), ("/auth/verify/resend", "post"),
         ("/auth/password/reset", "post"), ("/auth/email", "post"), ("/auth/second-factor", "get"), ("/auth/tokens", "get"),
         ("/auth/tokens", "post"), ("/auth/tokens/{id}", "delete"))


def totp(secret, later=0):
    """RFC 6238: the code `later` steps from now."""
    digest = hmac.new(base64.b32decode(secret + "=" * (-len(secret) % 8)), struct.pack(">Q", int(time.time()) // 30 + later),
                      "sha1").digest()
    at = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[at:at + 4])[0] & 0x7fffffff) % 1_000_000:06}"


class Person:
    """Somebody who was invited and has joined."""

    def __init__(self, studio, address):
        self.studio = studio
        self.username = "p" + uuid.uuid4().hex[:11]
        self.mail = self.username + "@studio.example"
        studio.api.ask("POST", "/invitations", {"email": self.mail, "roles": ["staff"]})
        studio.api.ask("POST", "/invitations/accept",
                       {"token": studio.mailed(self.mail), "username": self.username, "password": PASSWORD})
        self.api = Api(address, self.username)

    def set_up_factor(self):
        return self.api.ask("POST", "/auth/second-factor", {"password": PASSWORD})["secret"]


def signing_values(studio, person, path):
    """Schemas with the values that this operation takes of this person."""
    values = {"LogIn": {"username": [person.username], "password": [PASSWORD]}, "Refresh": {"refresh": [person.api.tokens["refresh"]]},
              "PasswordChange": {"current": [PASSWORD]}, "AddressChange": {"password": [PASSWORD]},
              "FactorSetUp": {"password": [PASSWORD]}}
    if path == "/auth/verify":
        person.api.ask("POST", "/auth/register", {"username": "r" + person.username[1:], "email": "r" + person.mail, "password": NEW_PASSWORD})
        values["Verification"] = {"token": [studio.mailed("r" + person.mail)], "password": [NEW_PASSWORD]}
    elif path == "/auth/password/reset/confirm":
        person.api.ask("POST", "/auth/password/reset", {"email": person.mail})
        values["PasswordReset"] = {"token": [studio.mailed(person.mail)]}
    elif path == "/auth/email/confirm":
        person.api.ask("POST", "/auth/email", {"email": "n" + person.mail, "password": PASSWORD})
        values["LinkToken"] = {"token": [studio.mailed("n" + person.mail)]}
    elif path == "/invitations/accept":
        studio.api.ask("POST", "/invitations", {"email": "i" + person.mail, "roles": ["staff"]})
        values["Acceptance"] = {"token": [studio.mailed("i" + person.mail)]}
    elif path == "/auth/second-factor/confirm":
        secret = person.set_up_factor()
        values["FactorCode"] = {"code": [totp(secret), totp(secret, 1)]}
    elif path in ("/auth/second-factor/remove", "/auth/second-factor/recovery-codes"):
        secret = person.set_up_factor()
        codes = person.api.ask("POST", "/auth/second-factor/confirm", {"code": totp(secret, -1)})["recovery_codes"]
        values["FactorRemoval"] = {"password": [PASSWORD], "code": codes[:1]}
        values["FactorCode"] = {"code": [totp(secret), totp(secret, 1)]}
    return values


def signing_parts(studio, document, signing, ids, address, forget):
    for pairs in [[pair for pair in signing if pair in QUIET], *([pair] for pair in signing if pair not in QUIET)]:
        forget()
        changed = copy.deepcopy(document)
        person = Person(studio, address)
        queries = {}
        for path, method in pairs:
            queries[path, method] = asked(studio, path, document["paths"][path][method])
            for schema, members in signing_values(studio, person, path).items():
                set_values(changed, schema, **members)
            ids[path, method] = signing_id(studio, person, path)
            if path.startswith("/auth/cookie"):
                headers = OWN_PAGE if (path, method) == ("/auth/cookie", "post") else {**OWN_PAGE, "Cookie": person.api.cookies()}
                queries[path, method] += [{"name": header, "in": "header", "required": True, "schema": {"type": "string", "enum": [value]}}
                                          for header, value in headers.items()]
        # Whatever token is sent, the answer is that its session has ended.
        refresh = {"oneOf": [{"type": "string", "minLength": 1, "maxLength": 8192}, {"type": "null"}]}
        changed["components"]["schemas"]["LogOut"].update(properties={"refresh": refresh}, required=["refresh"])
        path, method = pairs[0]
        name = re.sub("[{}]", "", path.strip("/").replace("/", "-").replace("{id}", "row")) + "-" + method
        yield "auth-quiet" if len(pairs) > 1 else name, studio.api if "/view-as/" in path else person.api, part(changed, pairs, queries, ids)


def signing_id(studio, person, path):
    if path == "/auth/sessions/{id}":
        return person.api.ask("GET", "/auth/sessions")[-1]["id"]
    if path == "/auth/tokens/{id}":
        return person.api.ask("POST", "/auth/tokens", {"name": "Nightly report", "grants": ["projects:read"],
                                                        "expires_at": ALLOWED["expires_at"][0]})["id"]
    if path == "/auth/view-as/{user}":
        return studio.api.ask("GET", "/users?username=staff")["results"][0]["id"]
    return None
