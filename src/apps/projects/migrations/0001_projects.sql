-- Clients and their contacts, projects, members and milestones.

CREATE TABLE projects_client (
    id uuid PRIMARY KEY,
    name text NOT NULL,
    address text NOT NULL DEFAULT '',
    tax_number text NOT NULL DEFAULT '',
    currency text NOT NULL,
    notes text NOT NULL DEFAULT '',
    people uuid[] NOT NULL DEFAULT '{}',
    tags text[] NOT NULL DEFAULT '{}',
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version bigint NOT NULL DEFAULT 1,
    search tsvector GENERATED ALWAYS AS (
        setweight(to_tsvector('simple', coalesce(name, '')), 'A')
        || setweight(to_tsvector('simple', coalesce(address, '')), 'C')
    ) STORED,
    search_text text GENERATED ALWAYS AS (
        lower(coalesce(name, '') || ' ' || coalesce(address, ''))
    ) STORED,
    CONSTRAINT projects_client_name_length CHECK (length(name) BETWEEN 1 AND 200),
    CONSTRAINT projects_client_currency_form CHECK (currency ~ '^[A-Z]{3}$')
);
CREATE UNIQUE INDEX projects_client_name_unique ON projects_client (lower(name));
CREATE INDEX projects_client_name ON projects_client (name, id);
CREATE INDEX projects_client_currency ON projects_client (currency);
CREATE INDEX projects_client_people ON projects_client USING gin (people);
CREATE INDEX projects_client_tags ON projects_client USING gin (tags);
CREATE INDEX projects_client_created_at ON projects_client (created_at, id);
CREATE INDEX projects_client_updated_at ON projects_client (updated_at, id);
CREATE INDEX projects_client_search ON projects_client USING gin (search);
CREATE INDEX projects_client_search_text ON projects_client USING gin (search_text gin_trgm_ops);

CREATE TABLE projects_contact (
    id uuid PRIMARY KEY,
    client uuid NOT NULL CONSTRAINT projects_contact_client_fkey REFERENCES projects_client ON DELETE CASCADE,
    name text NOT NULL,
    job_title text NOT NULL DEFAULT '',
    email text,
    phone text,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version bigint NOT NULL DEFAULT 1,
    search tsvector GENERATED ALWAYS AS (
        setweight(to_tsvector('simple', coalesce(name, '')), 'A')
        || setweight(to_tsvector('simple', coalesce(job_title, '')), 'C')
    ) STORED,
    search_text text GENERATED ALWAYS AS (
        lower(coalesce(name, '') || ' ' || coalesce(job_title, ''))
    ) STORED,
    CONSTRAINT projects_contact_name_length CHECK (length(name) BETWEEN 1 AND 200)
);
CREATE INDEX projects_contact_client ON projects_contact (client);
CREATE INDEX projects_contact_name ON projects_contact (name, id);
CREATE INDEX projects_contact_email ON projects_contact (email);
CREATE INDEX projects_contact_phone ON projects_contact (phone);
CREATE INDEX projects_contact_created_at ON projects_contact (created_at, id);
CREATE INDEX projects_contact_updated_at ON projects_contact (updated_at, id);
CREATE INDEX projects_contact_search ON projects_contact USING gin (search);
CREATE INDEX projects_contact_search_text ON projects_contact USING gin (search_text gin_trgm_ops);

CREATE TABLE projects_project (
    id uuid PRIMARY KEY,
    code text NOT NULL,
    name text NOT NULL,
    description text NOT NULL DEFAULT '',
    client uuid CONSTRAINT projects_project_client_fkey REFERENCES projects_client,
    status text NOT NULL DEFAULT 'planning',
    priority text NOT NULL DEFAULT 'medium',
    health text NOT NULL DEFAULT 'on_track',
    owner uuid CONSTRAINT projects_project_owner_fkey REFERENCES users_user ON DELETE SET NULL,
    start_on date,
    due_on date,
    estimated_hours numeric,
    budget bigint,
    budget_currency text,
    tags text[] NOT NULL DEFAULT '{}',
    archived boolean NOT NULL DEFAULT false,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version bigint NOT NULL DEFAULT 1,
    deleted_at timestamptz,
    search tsvector GENERATED ALWAYS AS (
        setweight(to_tsvector('simple', coalesce(code, '')), 'A')
        || setweight(to_tsvector('simple', coalesce(name, '')), 'A')
        || setweight(to_tsvector('simple', coalesce(description, '')), 'C')
    ) STORED,
    search_text text GENERATED ALWAYS AS (
        lower(coalesce(code, '') || ' ' || coalesce(name, '') || ' ' || coalesce(description, ''))
    ) STORED,
    CONSTRAINT projects_project_code_form CHECK (code ~ '^[A-Z0-9-]{2,12}$'),
    CONSTRAINT projects_project_name_length CHECK (length(name) BETWEEN 1 AND 200),
    CONSTRAINT projects_project_status_choice
        CHECK (status IN ('planning', 'active', 'on_hold', 'review', 'complete', 'cancelled')),
    CONSTRAINT projects_project_priority_choice CHECK (priority IN ('low', 'medium', 'high', 'urgent')),
    CONSTRAINT projects_project_health_choice CHECK (health IN ('on_track', 'at_risk', 'off_track')),
    CONSTRAINT projects_project_dates CHECK (due_on >= start_on),
    CONSTRAINT projects_project_estimated_hours_range CHECK (estimated_hours >= 0),
    CONSTRAINT projects_project_budget_pair CHECK ((budget IS NULL) = (budget_currency IS NULL)),
    CONSTRAINT projects_project_budget_range CHECK (budget >= 0)
);
CREATE UNIQUE INDEX projects_project_code_unique ON projects_project (lower(code)) WHERE deleted_at IS NULL;
CREATE INDEX projects_project_code ON projects_project (code, id);
CREATE INDEX projects_project_name ON projects_project (name, id);
CREATE INDEX projects_project_client ON projects_project (client);
CREATE INDEX projects_project_status ON projects_project (status, id);
CREATE INDEX projects_project_priority ON projects_project (priority);
CREATE INDEX projects_project_health ON projects_project (health);
CREATE INDEX projects_project_owner ON projects_project (owner);
CREATE INDEX projects_project_start_on ON projects_project (start_on, id);
CREATE INDEX projects_project_due_on ON projects_project (due_on, id);
CREATE INDEX projects_project_tags ON projects_project USING gin (tags);
CREATE INDEX projects_project_archived ON projects_project (archived);
CREATE INDEX projects_project_created_at ON projects_project (created_at, id);
CREATE INDEX projects_project_updated_at ON projects_project (updated_at, id);
CREATE INDEX projects_project_search ON projects_project USING gin (search);
CREATE INDEX projects_project_search_text ON projects_project USING gin (search_text gin_trgm_ops);

CREATE TABLE projects_member (
    id uuid PRIMARY KEY,
    project uuid NOT NULL
        CONSTRAINT projects_member_project_fkey REFERENCES projects_project ON DELETE CASCADE,
    member uuid NOT NULL CONSTRAINT projects_member_member_fkey REFERENCES users_user ON DELETE CASCADE,
    role text NOT NULL DEFAULT 'member',
    allocation numeric,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version bigint NOT NULL DEFAULT 1,
    CONSTRAINT projects_member_once UNIQUE (project, member),
    CONSTRAINT projects_member_role_choice CHECK (role IN ('lead', 'member', 'reviewer', 'client')),
    CONSTRAINT projects_member_allocation_range CHECK (allocation BETWEEN 0 AND 168)
);
CREATE INDEX projects_member_member ON projects_member (member, project, role);
CREATE INDEX projects_member_role ON projects_member (role);
CREATE INDEX projects_member_created_at ON projects_member (created_at, id);
CREATE INDEX projects_member_updated_at ON projects_member (updated_at, id);

CREATE TABLE projects_milestone (
    id uuid PRIMARY KEY,
    project uuid NOT NULL
        CONSTRAINT projects_milestone_project_fkey REFERENCES projects_project ON DELETE CASCADE,
    name text NOT NULL,
    description text NOT NULL DEFAULT '',
    acceptance text NOT NULL DEFAULT '',
    reward text NOT NULL DEFAULT '',
    due_on date,
    owner uuid CONSTRAINT projects_milestone_owner_fkey REFERENCES users_user ON DELETE SET NULL,
    position bigint NOT NULL DEFAULT 0,
    shared_with_client boolean NOT NULL DEFAULT false,
    completed_at timestamptz,
    completed_by uuid CONSTRAINT projects_milestone_completed_by_fkey REFERENCES users_user ON DELETE SET NULL,
    signed_off_at timestamptz,
    signed_off_by uuid
        CONSTRAINT projects_milestone_signed_off_by_fkey REFERENCES users_user ON DELETE SET NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version bigint NOT NULL DEFAULT 1,
    deleted_at timestamptz,
    search tsvector GENERATED ALWAYS AS (
        setweight(to_tsvector('simple', coalesce(name, '')), 'A')
        || setweight(to_tsvector('simple', coalesce(description, '')), 'C')
        || setweight(to_tsvector('simple', coalesce(acceptance, '')), 'D')
    ) STORED,
    search_text text GENERATED ALWAYS AS (
        lower(coalesce(name, '') || ' ' || coalesce(description, '') || ' ' || coalesce(acceptance, ''))
    ) STORED,
    CONSTRAINT projects_milestone_name_length CHECK (length(name) BETWEEN 1 AND 200),
    CONSTRAINT projects_milestone_position_range CHECK (position >= 0),
    CONSTRAINT projects_milestone_signed_when_complete
        CHECK (signed_off_at IS NULL OR completed_at IS NOT NULL)
);
CREATE INDEX projects_milestone_project ON projects_milestone (project, due_on, id);
CREATE INDEX projects_milestone_name ON projects_milestone (name, id);
CREATE INDEX projects_milestone_due_on ON projects_milestone (due_on, id);
CREATE INDEX projects_milestone_owner ON projects_milestone (owner);
CREATE INDEX projects_milestone_position ON projects_milestone (position, id);
CREATE INDEX projects_milestone_shared_with_client ON projects_milestone (shared_with_client);
CREATE INDEX projects_milestone_completed_at ON projects_milestone (completed_at, id);
CREATE INDEX projects_milestone_completed_by ON projects_milestone (completed_by);
CREATE INDEX projects_milestone_signed_off_at ON projects_milestone (signed_off_at);
CREATE INDEX projects_milestone_signed_off_by ON projects_milestone (signed_off_by);
CREATE INDEX projects_milestone_created_at ON projects_milestone (created_at, id);
CREATE INDEX projects_milestone_updated_at ON projects_milestone (updated_at, id);
CREATE INDEX projects_milestone_search ON projects_milestone USING gin (search);
CREATE INDEX projects_milestone_search_text ON projects_milestone USING gin (search_text gin_trgm_ops);
