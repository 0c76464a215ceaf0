-- How people prove that an address is theirs, and why sessions end.

-- One-time links in mails. A token itself is nowhere: this is its SHA-256. `account` is null where the link is about no
-- account yet; `subject` is then what it is about.
CREATE TABLE auth_link (
    hash text PRIMARY KEY,
    purpose text NOT NULL,
    subject uuid NOT NULL,
    account uuid,
    address text NOT NULL,
    expires_at timestamptz NOT NULL,
    used_at timestamptz,
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT auth_link_account_fkey FOREIGN KEY (account) REFERENCES users_user (id) ON DELETE CASCADE,
    CONSTRAINT auth_link_hash_form CHECK (hash ~ '^[0-9a-f]{64}$'),
    CONSTRAINT auth_link_purpose_choice CHECK (
        purpose IN ('verify_address', 'reset_password', 'change_email', 'invitation')
    ),
    CONSTRAINT auth_link_address_length CHECK (char_length(address) <= 254),
    CONSTRAINT auth_link_about CHECK (account IS NULL OR account = subject)
);
-- A newer link replaces the older one.
CREATE UNIQUE INDEX auth_link_one_unused ON auth_link (purpose, subject) WHERE used_at IS NULL;
CREATE INDEX auth_link_account ON auth_link (account);
CREATE INDEX auth_link_expires_at ON auth_link (expires_at);
