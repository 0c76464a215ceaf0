CREATE TABLE @name@_@item@ (
    id uuid PRIMARY KEY,
    name text NOT NULL,
    owner uuid NOT NULL CONSTRAINT @name@_@item@_owner_fkey REFERENCES users_user,
    retired_at timestamptz,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version bigint NOT NULL DEFAULT 1,
    CONSTRAINT @name@_@item@_name_length CHECK (length(name) BETWEEN 1 AND 200)
);
CREATE INDEX @name@_@item@_name ON @name@_@item@ (name COLLATE "und-x-icu", id);
CREATE INDEX @name@_@item@_owner ON @name@_@item@ (owner);
CREATE INDEX @name@_@item@_created_at ON @name@_@item@ (created_at, id);
CREATE INDEX @name@_@item@_updated_at ON @name@_@item@ (updated_at, id);
SELECT core_search_keep('@name@_@item@', '@name@.@item@', a => '{name}');
