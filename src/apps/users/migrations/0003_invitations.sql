-- People who were asked to join, one by one or from a spreadsheet. The secrets of the links are in auth_link.

CREATE TABLE users_import (
    id uuid PRIMARY KEY,
    imported_by uuid,
    row_count bigint NOT NULL,
    undone_at timestamptz,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version bigint NOT NULL DEFAULT 1,
    CONSTRAINT users_import_imported_by_fkey FOREIGN KEY (imported_by) REFERENCES users_user (id) ON DELETE SET NULL,
    CONSTRAINT users_import_row_count_range CHECK (row_count BETWEEN 1 AND 1000)
);
CREATE INDEX users_import_imported_by ON users_import (imported_by);
CREATE INDEX users_import_created_at ON users_import (created_at, id);
CREATE INDEX users_import_updated_at ON users_import (updated_at, id);

CREATE TABLE users_invitation (
    id uuid PRIMARY KEY,
    email text NOT NULL,
    first_name text NOT NULL DEFAULT '',
    last_name text NOT NULL DEFAULT '',
    job_title text NOT NULL DEFAULT '',
    roles text[] NOT NULL DEFAULT '{}',
    department uuid,
    branch uuid,
    designation uuid,
    manager uuid,
    message text NOT NULL DEFAULT '',
    account_expires_at timestamptz,
    state text NOT NULL DEFAULT 'pending',
    expires_at timestamptz,
    sent_at timestamptz,
    invited_by uuid,
    account uuid,
    accepted_at timestamptz,
    cancelled_at timestamptz,
    batch uuid,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version bigint NOT NULL DEFAULT 1,
    CONSTRAINT users_invitation_department_fkey FOREIGN KEY (department) REFERENCES users_department (id) ON DELETE SET NULL,
    CONSTRAINT users_invitation_branch_fkey FOREIGN KEY (branch) REFERENCES users_branch (id) ON DELETE SET NULL,
    CONSTRAINT users_invitation_designation_fkey FOREIGN KEY (designation) REFERENCES users_designation (id) ON DELETE SET NULL,
    CONSTRAINT users_invitation_manager_fkey FOREIGN KEY (manager) REFERENCES users_user (id) ON DELETE SET NULL,
    CONSTRAINT users_invitation_invited_by_fkey FOREIGN KEY (invited_by) REFERENCES users_user (id) ON DELETE SET NULL,
    CONSTRAINT users_invitation_account_fkey FOREIGN KEY (account) REFERENCES users_user (id) ON DELETE SET NULL,
    CONSTRAINT users_invitation_batch_fkey FOREIGN KEY (batch) REFERENCES users_import (id) ON DELETE SET NULL,
    CONSTRAINT users_invitation_ends CHECK (expires_at IS NOT NULL),
    CONSTRAINT users_invitation_email_length CHECK (char_length(email) BETWEEN 3 AND 254),
    CONSTRAINT users_invitation_state_choice CHECK (state IN ('pending', 'accepted', 'cancelled', 'expired')),
    CONSTRAINT users_invitation_roles_choice CHECK (
        roles <@ ARRAY['admin', 'manager', 'finance', 'content', 'digital', 'field', 'staff', 'client']
    ),
    CONSTRAINT users_invitation_has_role CHECK (cardinality(roles) > 0),
    CONSTRAINT users_invitation_client_alone CHECK (NOT ('client' = ANY (roles)) OR roles <@ ARRAY['client']),
    CONSTRAINT users_invitation_accepted CHECK ((state = 'accepted') = (accepted_at IS NOT NULL)),
    CONSTRAINT users_invitation_cancelled CHECK ((state = 'cancelled') = (cancelled_at IS NOT NULL))
);
CREATE UNIQUE INDEX users_invitation_pending ON users_invitation (lower(email)) WHERE state = 'pending';
CREATE INDEX users_invitation_email ON users_invitation (email);
CREATE INDEX users_invitation_roles ON users_invitation USING gin (roles);
CREATE INDEX users_invitation_department ON users_invitation (department);
CREATE INDEX users_invitation_branch ON users_invitation (branch);
CREATE INDEX users_invitation_designation ON users_invitation (designation);
CREATE INDEX users_invitation_manager ON users_invitation (manager);
CREATE INDEX users_invitation_state ON users_invitation (state, expires_at);
CREATE INDEX users_invitation_expires_at ON users_invitation (expires_at, id);
CREATE INDEX users_invitation_invited_by ON users_invitation (invited_by);
CREATE INDEX users_invitation_account ON users_invitation (account);
CREATE INDEX users_invitation_batch ON users_invitation (batch);
CREATE INDEX users_invitation_created_at ON users_invitation (created_at, id);
CREATE INDEX users_invitation_updated_at ON users_invitation (updated_at, id);
