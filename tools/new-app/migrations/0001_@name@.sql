CREATE TABLE @name@_@item@ (
    id uuid PRIMARY KEY,
    name text NOT NULL,
    owner uuid NOT NULL CONSTRAINT @name@_@item@_owner_fkey REFERENCES users_user,
    retired_at timestamptz,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version bigint NOT NULL DEFAULT 1,
    search tsvector GENERATED ALWAYS AS (setweight(to_tsvector('simple', coalesce(name, '')), 'A')) STORED,
    search_text text GENERATED ALWAYS AS (lower(coalesce(name, ''))) STORED,
    CONSTRAINT @name@_@item@_name_length CHECK (length(name) BETWEEN 1 AND 200)
);
CREATE INDEX @name@_@item@_name ON @name@_@item@ (name, id);
CREATE INDEX @name@_@item@_owner ON @name@_@item@ (owner);
CREATE INDEX @name@_@item@_created_at ON @name@_@item@ (created_at, id);
CREATE INDEX @name@_@item@_updated_at ON @name@_@item@ (updated_at, id);
CREATE INDEX @name@_@item@_search ON @name@_@item@ USING gin (search);
CREATE INDEX @name@_@item@_search_text ON @name@_@item@ USING gin (search_text gin_trgm_ops);
