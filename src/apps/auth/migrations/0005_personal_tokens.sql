-- Tokens that people give to their programs, and admins who look at the studio as somebody else.

CREATE TABLE auth_personal_token (
    id uuid PRIMARY KEY,
    account uuid NOT NULL,
    name text NOT NULL,
    grants text[] NOT NULL DEFAULT '{}',
    expires_at timestamptz NOT NULL,
    revoked_at timestamptz,
    warned_at timestamptz,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version bigint NOT NULL DEFAULT 1,
    CONSTRAINT auth_personal_token_account_fkey FOREIGN KEY (account) REFERENCES users_user (id) ON DELETE CASCADE,
    CONSTRAINT auth_personal_token_name_length CHECK (char_length(name) BETWEEN 1 AND 100),
    CONSTRAINT auth_personal_token_has_grants CHECK (cardinality(grants) > 0),
    CONSTRAINT auth_personal_token_within_a_year CHECK (expires_at <= created_at + interval '366 days')
);
CREATE INDEX auth_personal_token_account ON auth_personal_token (account, created_at);
CREATE INDEX auth_personal_token_created_at ON auth_personal_token (created_at, id);
CREATE INDEX auth_personal_token_updated_at ON auth_personal_token (updated_at, id);
CREATE INDEX auth_personal_token_to_warn ON auth_personal_token (expires_at) WHERE warned_at IS NULL AND revoked_at IS NULL;

-- Apart from the token's row, whose changes are kept for good: what is secret, and what changes with every use. A token
-- itself is nowhere: this is its SHA-256.
CREATE TABLE auth_personal_token_key (
    hash text PRIMARY KEY,
    token uuid NOT NULL,
    last_used_at timestamptz,
    last_used_address text NOT NULL DEFAULT '',
    CONSTRAINT auth_personal_token_key_token_fkey FOREIGN KEY (token) REFERENCES auth_personal_token (id) ON DELETE CASCADE,
    CONSTRAINT auth_personal_token_key_token_unique UNIQUE (token),
    CONSTRAINT auth_personal_token_key_hash_form CHECK (hash ~ '^[0-9a-f]{64}$'),
    CONSTRAINT auth_personal_token_key_address_length CHECK (char_length(last_used_address) <= 64)
);

-- Each time somebody looked as somebody else: the row is there for good, the token that it stands for ends after minutes or
-- with the session that it was made in.
CREATE TABLE auth_view (
    id uuid PRIMARY KEY,
    admin uuid NOT NULL,
    person uuid NOT NULL,
    session uuid NOT NULL,
    reason text NOT NULL,
    expires_at timestamptz NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version bigint NOT NULL DEFAULT 1,
    CONSTRAINT auth_view_admin_fkey FOREIGN KEY (admin) REFERENCES users_user (id) ON DELETE CASCADE,
    CONSTRAINT auth_view_person_fkey FOREIGN KEY (person) REFERENCES users_user (id) ON DELETE CASCADE,
    CONSTRAINT auth_view_session_fkey FOREIGN KEY (session) REFERENCES auth_session (id) ON DELETE CASCADE,
    CONSTRAINT auth_view_reason_length CHECK (char_length(reason) BETWEEN 1 AND 500),
    CONSTRAINT auth_view_not_oneself CHECK (admin <> person)
);
CREATE INDEX auth_view_admin ON auth_view (admin);
CREATE INDEX auth_view_person ON auth_view (person);
CREATE INDEX auth_view_session ON auth_view (session);
CREATE INDEX auth_view_created_at ON auth_view (created_at, id);
CREATE INDEX auth_view_updated_at ON auth_view (updated_at, id);
