"""Requests to everything that somebody may ask, drawn from what /meta and /openapi say of it, with rows and words that they see and others."""
import json
import urllib.parse
import uuid

from _hidden_rows import ABSENT, HIDDEN, RARE, RARE_ABSENT

SEEN_WORDS = ("harvest", "colour", "contract", "storyboard", "coffee", "poster", "market", "hravest", "colr", "two", "said", "cut", "person", "a", "TWO-1", "review")
LISTING = ("page", "page_size", "ordering", "search", "count", "fields", "expand", "can", "deleted", "cursor")
OPERATORS = ("in", "lt", "lte", "gt", "gte", "isnull", "icontains", "any", "all")


class Model:
    """What /meta tells of one, and rows of it."""

    def __init__(self, entry, detail, seen, hidden):
        self.name, self.path, self.allow = entry["name"], entry["path"], entry["allow"]
        self.fields = {field["name"]: field for field in detail["fields"]}
        self.filters, self.groups, self.sums, self.actions = detail["filters"], detail["groups"], detail["sums"], detail["actions"]
        self.seen, self.hidden = seen, hidden


class Questions:
    """Draws requests: (what sort it is, method, path below /api/v1, body or None). `random` decides all of it."""

    def __init__(self, random, models, routes, may_create):
        self.random, self.models, self.routes, self.may_create = random, models, routes, may_create
        self.by_name = {model.name: model for model in models}
        every = [(self.list, 34), (self.row, 12), (self.history, 7), (self.uses, 6), (self.summary, 10), (self.export, 6), (self.search, 9),
                 (self.bulk, 9), (self.explain, 4), (self.alone, 4), (self.meta, 1)]
        self.draws, self.weights = [draw for draw, _ in every], [weight for _, weight in every]

    def draw(self):
        return self.random.choices(self.draws, self.weights)[0]()

    # --- values ---

    def word(self):
        return self.random.choice(self.random.choice((SEEN_WORDS, SEEN_WORDS, HIDDEN, ABSENT, RARE, RARE_ABSENT)))

    def words(self):
        return " ".join(self.word() for _ in range(self.random.choice((1, 1, 1, 2, 2, 3))))

    def id_of(self, model=None):
        """Of a row that is seen, of one that isn't, or of none."""
        model = model or self.random.choice(self.models)
        pool = self.random.choice((model.seen, model.seen, model.hidden))
        return self.random.choice(pool) if pool and self.random.random() < 0.95 else str(uuid.UUID(int=self.random.getrandbits(128)))

    def day(self):
        day = f"2026-{self.random.choice(('10', '11', '12'))}-{self.random.randint(1, 28):02}"
        return self.random.choice((day, day, "today", f"today-{self.random.randint(1, 60)}d", f"today+{self.random.randint(1, 9)}w"))

    def value(self, field):
        """A value for a filter on that field."""
        if field is None:
            return self.word()
        if field.get("choices"):
            return self.random.choice(field["choices"])["value"]
        if field["type"] == "boolean" or field["name"].startswith("is_"):
            return self.random.choice(("true", "false"))
        if "to" in field or field["name"] == "id" or field["name"].endswith("_row"):
            return self.random.choice((self.id_of(self.by_name.get(field.get("to"))),) * 4 + ("me",))
        if field["name"].endswith("_model"):
            return self.random.choice(self.models).name
        if field["name"].endswith("_on"):
            return self.day()
        if field["name"].endswith("_at"):
            return self.random.choice((self.day(), f"2026-11-{self.random.randint(1, 28):02}T10:00:00Z"))
        if field["type"] in ("integer", "decimal", "number"):
            return str(self.random.choice((0, 1, 5, 10, 100)))
        return self.word()

    def field_of(self, model, name):
        """The field that a filter is on, which may be one reference further."""
        parts = [part for part in name.split("__") if part not in OPERATORS]
        field = model.fields.get(parts[0])
        if len(parts) > 1 and field and field.get("to") in self.by_name:
            return self.by_name[field["to"]].fields.get(parts[1])
        return field

    def filter(self, model):
        name = self.random.choice(model.filters)
        field, operator = self.field_of(model, name), name.rsplit("__", 1)[-1]
        if operator == "isnull":
            return name, self.random.choice(("true", "false"))
        if operator in ("in", "any", "all"):
            return name, ",".join(self.value(field) for _ in range(self.random.randint(1, 3)))
        return name, self.value(field)

    def condition(self, model, levels=2):
        """One of or=(…) and not=(…)."""
        if levels and self.random.random() < 0.25:
            inner = ",".join(self.condition(model, levels - 1) for _ in range(self.random.randint(1, 2)))
            return f"{self.random.choice(('and', 'or', 'not'))}({inner})"
        name, value = self.filter(model)
        parts = name.split("__")
        operator = parts.pop() if parts[-1] in OPERATORS else "eq"
        quoted = f"({value})" if operator in ("in", "any", "all") else '"' + value + '"' if "," in value or " " in value else value
        return ".".join([*parts, operator, quoted])

    # --- lists and what has their parameters ---

    def filters(self, model):
        query = [self.filter(model) for _ in range(self.random.choice((0, 0, 1, 1, 2))) if model.filters]
        if model.filters and self.random.random() < 0.2:
            query.append((self.random.choice(("or", "not")), "(" + ",".join(self.condition(model) for _ in range(self.random.randint(1, 3))) + ")"))
        if self.random.random() < 0.35:
            query.append(("search", self.words()))
        if self.random.random() < 0.06:
            query.append(("deleted", self.random.choice(("true", "any"))))
        return query

    def ordering(self, model):
        names = [name for name, field in model.fields.items() if field.get("sort")] + ["created_at", "updated_at", "id"]
        return ",".join(self.random.choice(("", "-")) + self.random.choice(names) for _ in range(self.random.randint(1, 2)))

    def some_fields(self, model, most=5):
        return ",".join(self.random.sample(sorted(model.fields), min(len(model.fields), self.random.randint(1, most))))

    def expand(self, model):
        targets = [name for name, field in model.fields.items() if "to" in field and name != "id"] or ["owner"]
        name = self.random.choice(targets)
        to = self.by_name.get(model.fields.get(name, {}).get("to"))
        further = [other for other, field in to.fields.items() if "to" in field and other != "id"] if to else []
        return f"{name}.{self.random.choice(further)}" if further and self.random.random() < 0.4 else name

    def list_query(self, model):
        query = self.filters(model)
        maybe = (("ordering", lambda: self.ordering(model), 0.4), ("count", lambda: self.random.choice(("exact", "estimated", "none")), 0.35),
                 ("page_size", lambda: str(self.random.choice((1, 2, 10, 50, 200))), 0.5), ("page", lambda: str(self.random.randint(1, 4)), 0.2),
                 ("fields", lambda: self.some_fields(model), 0.2), ("expand", lambda: self.expand(model), 0.25),
                 ("can", lambda: "true", 0.15), ("cursor", lambda: "", 0.1))
        query += [(name, make()) for name, make, share in maybe if self.random.random() < share]
        names = [name for name, _ in query]
        return [pair for pair in query if not (pair[0] == "page" and "cursor" in names)]

    def at(self, path, query):
        return path + ("?" + urllib.parse.urlencode(query) if query else "")

    def model(self, verb):
        return self.random.choice([model for model in self.models if verb in model.allow])

    def list(self):
        model = self.model("list")
        return "list", "GET", self.at(model.path, self.list_query(model)), None

    def summary(self):
        model = self.model("summary")
        query = self.filters(model)
        if model.groups and self.random.random() < 0.85:
            groups = [group + (":" + self.random.choice(("day", "week", "month", "year")) if group.endswith(("_on", "_at")) else "")
                      for group in self.random.sample(model.groups, min(len(model.groups), self.random.randint(1, 2)))]
            query.append(("group", ",".join(groups)))
        if model.sums and self.random.random() < 0.4:
            query.append(("sum", self.random.choice(model.sums)))
        return "summary", "GET", self.at(model.path + "/summary", query), None

    def export(self):
        model = self.model("list")
        query = self.filters(model) + [("format", self.random.choice(("csv", "csv", "csv", "xlsx")))]
        if self.random.random() < 0.5:
            query.append(("ordering", self.ordering(model)))
        return "export", "GET", self.at(model.path, query), None

    # --- single rows ---

    def row(self):
        model = self.model("read")
        query = [("expand", self.expand(model))] if self.random.random() < 0.3 else []
        if self.random.random() < 0.2:
            query.append(("can", "true"))
        return "row", "GET", self.at(f"{model.path}/{self.id_of(model)}", query), None

    def history(self):
        model = self.model("history")
        query = [("page_size", str(self.random.choice((1, 2, 50))))] if self.random.random() < 0.5 else []
        return "history", "GET", self.at(f"{model.path}/{self.id_of(model)}/history", query), None

    def uses(self):
        model = self.model("uses")
        return "uses", "GET", f"{model.path}/{self.id_of(model)}/uses", None

    def explain(self):
        model = self.random.choice(self.models)
        verbs = ["view", "create", "change", "remove", *(action["name"] for action in model.actions)]
        query = [("model", model.name), ("verb", self.random.choice(verbs))]
        if self.random.random() < 0.8:
            query.append(("id", self.id_of(model)))
        return "explain", "GET", self.at("/permissions/explain", query), None

    # --- everything ---

    def search(self):
        query = [("q", self.words())]
        if self.random.random() < 0.3:
            query.append(("models", ",".join(model.name for model in self.random.sample(self.models, 2))))
        return "search", "GET", self.at("/search", query), None

    def alone(self):
        """A route without a row: all that only read."""
        return "alone", "GET", self.random.choice(self.routes), None

    def meta(self):
        return "meta", "GET", self.random.choice(["/meta", *("/meta/" + model.name for model in self.models)]), None

    # --- dry runs ---

    def data_value(self, field):
        if field.get("choices"):
            return self.random.choice(field["choices"])["value"]
        if "to" in field:
            return self.id_of(self.by_name.get(field["to"]))
        kind = field["type"]
        if kind == "boolean":
            return self.random.random() < 0.5
        if kind in ("integer", "decimal", "number"):
            return self.random.randint(0, 50)
        if field["name"].endswith("_on"):
            return f"2026-12-{self.random.randint(1, 28):02}"
        return self.words()

    def data(self, model, creates):
        """Whoever may make rows learns which codes are taken, as is documented; so codes are those of nobody."""
        data = {}
        for name, field in model.fields.items():
            if field.get("write") == "never" or name == "id" or (field.get("write") == "create" and not creates):
                continue
            if field.get("required") and creates or self.random.random() < 0.15:
                data[name] = self.data_value(field)
        if "on_model" in model.fields and creates:
            other = self.random.choice(self.models)
            data["on_model"], data["on_row"] = other.name, self.id_of(other)
        if "code" in data and self.may_create:
            data["code"] = f"NEW-{self.random.randint(1, 10**6)}"
        return data

    def operation(self, model):
        op = self.random.choice(("create", "change", "change", "remove", "restore"))
        made = {"op": op}
        if op == "create":
            made["data"] = {"id": str(uuid.UUID(int=self.random.getrandbits(128) & ~(0xF << 76 | 3 << 62) | 7 << 76 | 2 << 62)),
                            **self.data(model, True)}
        else:
            made["id"] = self.id_of(model)
            if op == "change":
                made["data"] = self.data(model, False)
        return made

    def bulk(self):
        model = self.random.choice([model for model in self.models if "bulk" in model.allow] or self.models)
        if self.random.random() < 0.25:
            body = {"filter": urllib.parse.urlencode([self.filter(model)]), "op": "change", "data": self.data(model, False)}
        else:
            body = {"operations": [self.operation(model) for _ in range(self.random.randint(1, 4))], "atomic": self.random.random() < 0.3}
        return "bulk", "POST", model.path + "/bulk", json.dumps({**body, "dry_run": True})
