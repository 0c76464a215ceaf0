-- The second factor of a sign-in: time-based codes (RFC 6238) and the codes that help who has lost the device.

-- Not confirmed is begun: it demands nothing yet. The secret is sealed with a key of the program, which the database
-- doesn't know. No code of a step up to last_step is taken any more.
CREATE TABLE auth_second_factor (
    account uuid PRIMARY KEY,
    secret text NOT NULL,
    last_step bigint NOT NULL DEFAULT 0,
    begun_at timestamptz NOT NULL,
    confirmed_at timestamptz,
    CONSTRAINT auth_second_factor_account_fkey FOREIGN KEY (account) REFERENCES users_user (id) ON DELETE CASCADE
);

-- A code itself is nowhere: this is its SHA-256, together with its account's id.
CREATE TABLE auth_recovery_code (
    hash text PRIMARY KEY,
    account uuid NOT NULL,
    created_at timestamptz NOT NULL,
    used_at timestamptz,
    CONSTRAINT auth_recovery_code_account_fkey FOREIGN KEY (account) REFERENCES auth_second_factor (account) ON DELETE CASCADE,
    CONSTRAINT auth_recovery_code_hash_form CHECK (hash ~ '^[0-9a-f]{64}$')
);
CREATE INDEX auth_recovery_code_account ON auth_recovery_code (account);
