-- The people who use the studio and where they belong.

CREATE TABLE users_department (
    id uuid PRIMARY KEY,
    name text NOT NULL,
    search tsvector GENERATED ALWAYS AS (setweight(to_tsvector('simple', name), 'A')) STORED,
    search_text text GENERATED ALWAYS AS (lower(name)) STORED,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version bigint NOT NULL DEFAULT 1,
    CONSTRAINT users_department_name_length CHECK (char_length(name) BETWEEN 1 AND 120)
);
CREATE UNIQUE INDEX users_department_name_unique ON users_department (lower(name));
CREATE INDEX users_department_name ON users_department (name, id);
CREATE INDEX users_department_created_at ON users_department (created_at, id);
CREATE INDEX users_department_updated_at ON users_department (updated_at, id);
CREATE INDEX users_department_search ON users_department USING gin (search);
CREATE INDEX users_department_search_text ON users_department USING gin (search_text gin_trgm_ops);

CREATE TABLE users_branch (
    id uuid PRIMARY KEY,
    name text NOT NULL,
    address text NOT NULL DEFAULT '',
    time_zone text NOT NULL DEFAULT 'Africa/Kampala',
    search tsvector GENERATED ALWAYS AS (setweight(to_tsvector('simple', name), 'A')) STORED,
    search_text text GENERATED ALWAYS AS (lower(name)) STORED,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version bigint NOT NULL DEFAULT 1,
    CONSTRAINT users_branch_name_length CHECK (char_length(name) BETWEEN 1 AND 120)
);
CREATE UNIQUE INDEX users_branch_name_unique ON users_branch (lower(name));
CREATE INDEX users_branch_name ON users_branch (name, id);
CREATE INDEX users_branch_created_at ON users_branch (created_at, id);
CREATE INDEX users_branch_updated_at ON users_branch (updated_at, id);
CREATE INDEX users_branch_search ON users_branch USING gin (search);
CREATE INDEX users_branch_search_text ON users_branch USING gin (search_text gin_trgm_ops);

CREATE TABLE users_designation (
    id uuid PRIMARY KEY,
    name text NOT NULL,
    search tsvector GENERATED ALWAYS AS (setweight(to_tsvector('simple', name), 'A')) STORED,
    search_text text GENERATED ALWAYS AS (lower(name)) STORED,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version bigint NOT NULL DEFAULT 1,
    CONSTRAINT users_designation_name_length CHECK (char_length(name) BETWEEN 1 AND 120)
);
CREATE UNIQUE INDEX users_designation_name_unique ON users_designation (lower(name));
CREATE INDEX users_designation_name ON users_designation (name, id);
CREATE INDEX users_designation_created_at ON users_designation (created_at, id);
CREATE INDEX users_designation_updated_at ON users_designation (updated_at, id);
CREATE INDEX users_designation_search ON users_designation USING gin (search);
CREATE INDEX users_designation_search_text ON users_designation USING gin (search_text gin_trgm_ops);

CREATE TABLE users_user (
    id uuid PRIMARY KEY,
    username text NOT NULL,
    email text NOT NULL,
    phone text,
    first_name text NOT NULL DEFAULT '',
    last_name text NOT NULL DEFAULT '',
    job_title text NOT NULL DEFAULT '',
    bio text NOT NULL DEFAULT '',
    department uuid,
    branch uuid,
    designation uuid,
    manager uuid,
    time_zone text NOT NULL DEFAULT 'Africa/Kampala',
    language text NOT NULL DEFAULT 'en',
    working_hours jsonb NOT NULL DEFAULT '{}',
    roles text[] NOT NULL DEFAULT '{}',
    is_active boolean NOT NULL DEFAULT true,
    is_verified boolean NOT NULL DEFAULT false,
    expires_at timestamptz,
    last_login_at timestamptz,
    signed_out_at timestamptz,
    search tsvector GENERATED ALWAYS AS (
        setweight(to_tsvector('simple', username), 'A') || setweight(to_tsvector('simple', first_name), 'A')
        || setweight(to_tsvector('simple', last_name), 'A') || setweight(to_tsvector('simple', job_title), 'B')
    ) STORED,
    search_text text GENERATED ALWAYS AS (
        lower(username || ' ' || first_name || ' ' || last_name || ' ' || job_title)
    ) STORED,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version bigint NOT NULL DEFAULT 1,
    CONSTRAINT users_user_department_fkey FOREIGN KEY (department) REFERENCES users_department (id) ON DELETE SET NULL,
    CONSTRAINT users_user_branch_fkey FOREIGN KEY (branch) REFERENCES users_branch (id) ON DELETE SET NULL,
    CONSTRAINT users_user_designation_fkey FOREIGN KEY (designation) REFERENCES users_designation (id) ON DELETE SET NULL,
    CONSTRAINT users_user_manager_fkey FOREIGN KEY (manager) REFERENCES users_user (id) ON DELETE SET NULL,
    CONSTRAINT users_user_username_form CHECK (username ~ '^[a-z0-9._-]{3,32}$' AND username ~ '[a-z]'),
    CONSTRAINT users_user_language_choice CHECK (language IN ('en', 'fr', 'lg', 'sw')),
    CONSTRAINT users_user_email_length CHECK (char_length(email) BETWEEN 3 AND 254),
    CONSTRAINT users_user_roles_choice CHECK (
        roles <@ ARRAY['admin', 'manager', 'finance', 'content', 'digital', 'field', 'staff', 'client']
    ),
    CONSTRAINT users_user_has_role CHECK (cardinality(roles) > 0),
    CONSTRAINT users_user_client_alone CHECK (NOT ('client' = ANY (roles)) OR roles <@ ARRAY['client']),
    CONSTRAINT users_user_not_own_manager CHECK (manager <> id)
);
CREATE UNIQUE INDEX users_user_username_unique ON users_user (lower(username));
CREATE UNIQUE INDEX users_user_email_unique ON users_user (lower(email));
CREATE UNIQUE INDEX users_user_phone_unique ON users_user (lower(phone));
CREATE INDEX users_user_username ON users_user (username, id);
CREATE INDEX users_user_phone ON users_user (phone);
CREATE INDEX users_user_first_name ON users_user (first_name, id);
CREATE INDEX users_user_last_name ON users_user (last_name, id);
CREATE INDEX users_user_department ON users_user (department);
CREATE INDEX users_user_branch ON users_user (branch);
CREATE INDEX users_user_designation ON users_user (designation);
CREATE INDEX users_user_manager ON users_user (manager);
CREATE INDEX users_user_roles ON users_user USING gin (roles);
CREATE INDEX users_user_is_active ON users_user (is_active);
CREATE INDEX users_user_created_at ON users_user (created_at, id);
CREATE INDEX users_user_updated_at ON users_user (updated_at, id);
CREATE INDEX users_user_search ON users_user USING gin (search);
CREATE INDEX users_user_search_text ON users_user USING gin (search_text gin_trgm_ops);
