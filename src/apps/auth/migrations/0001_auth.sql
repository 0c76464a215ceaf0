-- How people sign in and stay signed in.

-- Apart from users_user, so that no list, filter or export of users can reach a hash.
CREATE TABLE auth_password (
    account uuid PRIMARY KEY,
    hash text NOT NULL,
    changed_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT auth_password_account_fkey FOREIGN KEY (account) REFERENCES users_user (id) ON DELETE CASCADE,
    CONSTRAINT auth_password_hash_form CHECK (hash LIKE '$argon2id$%')
);

CREATE TABLE auth_session (
    id uuid PRIMARY KEY,
    account uuid NOT NULL,
    device text NOT NULL DEFAULT '',
    address text NOT NULL DEFAULT '',
    last_used_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    ended_at timestamptz,
    end_reason text,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version bigint NOT NULL DEFAULT 1,
    CONSTRAINT auth_session_account_fkey FOREIGN KEY (account) REFERENCES users_user (id) ON DELETE CASCADE,
    CONSTRAINT auth_session_device_length CHECK (char_length(device) <= 300),
    CONSTRAINT auth_session_address_length CHECK (char_length(address) <= 64),
    CONSTRAINT auth_session_end_reason_choice CHECK (
        end_reason IN ('logged_out', 'logged_out_everywhere', 'ended_elsewhere', 'token_reused', 'account_closed')
    ),
    CONSTRAINT auth_session_ended CHECK ((ended_at IS NULL) = (end_reason IS NULL))
);
CREATE INDEX auth_session_account ON auth_session (account, last_used_at);
CREATE INDEX auth_session_created_at ON auth_session (created_at, id);
CREATE INDEX auth_session_updated_at ON auth_session (updated_at, id);

-- The refresh tokens of a session, one generation after the other. A token itself is nowhere: this is its SHA-256.
CREATE TABLE auth_refresh_token (
    hash text PRIMARY KEY,
    session uuid NOT NULL,
    generation bigint NOT NULL,
    parent text,
    created_at timestamptz NOT NULL DEFAULT now(),
    used_at timestamptz,
    CONSTRAINT auth_refresh_token_session_fkey FOREIGN KEY (session) REFERENCES auth_session (id) ON DELETE CASCADE,
    CONSTRAINT auth_refresh_token_parent_fkey FOREIGN KEY (parent) REFERENCES auth_refresh_token (hash) ON DELETE CASCADE,
    CONSTRAINT auth_refresh_token_hash_form CHECK (hash ~ '^[0-9a-f]{64}$'),
    CONSTRAINT auth_refresh_token_lineage CHECK ((generation = 1) = (parent IS NULL)),
    CONSTRAINT auth_refresh_token_once UNIQUE (session, generation)
);
CREATE UNIQUE INDEX auth_refresh_token_parent ON auth_refresh_token (parent);

-- Who asked for an account and whether one was made: kept for review and for limits. Every request writes one row, so that
-- the time of the answer doesn't tell whether the person was known.
CREATE TABLE auth_registration (
    id uuid PRIMARY KEY,
    address text NOT NULL DEFAULT '',
    was_made boolean NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT auth_registration_address_length CHECK (char_length(address) <= 64)
);
CREATE INDEX auth_registration_created_at ON auth_registration (created_at);
