-- Who signed in when, where and with what, or tried to; and what tells a lost answer from a stolen token.

CREATE TABLE auth_sign_in (
    id uuid PRIMARY KEY,
    account uuid, -- null where what was typed names nobody
    kind text NOT NULL,
    succeeded boolean NOT NULL,
    reason text NOT NULL DEFAULT '',
    address text NOT NULL DEFAULT '',
    network text NOT NULL DEFAULT '',
    device text NOT NULL DEFAULT '',
    at timestamptz NOT NULL,
    CONSTRAINT auth_sign_in_account_fkey FOREIGN KEY (account) REFERENCES users_user (id) ON DELETE CASCADE,
    CONSTRAINT auth_sign_in_kind_choice CHECK (
        kind IN ('password', 'second_factor', 'recovery_code', 'refresh')
    ),
    CONSTRAINT auth_sign_in_reason_length CHECK (char_length(reason) <= 64),
    CONSTRAINT auth_sign_in_address_length CHECK (char_length(address) <= 64),
    CONSTRAINT auth_sign_in_network_length CHECK (char_length(network) <= 64),
    CONSTRAINT auth_sign_in_device_length CHECK (char_length(device) <= 300)
);
CREATE INDEX auth_sign_in_account ON auth_sign_in (account, at);
CREATE INDEX auth_sign_in_at ON auth_sign_in (at, id);
CREATE INDEX auth_sign_in_known_network ON auth_sign_in (account, network) WHERE succeeded;

-- Which client used a token: only the same one may ask for the successor again.
ALTER TABLE auth_refresh_token ADD COLUMN used_by text;

-- Sessions end for more reasons.
ALTER TABLE auth_session DROP CONSTRAINT auth_session_end_reason_choice;
ALTER TABLE auth_session ADD CONSTRAINT auth_session_end_reason_choice CHECK (
    end_reason IN (
        'logged_out', 'logged_out_everywhere', 'ended_elsewhere', 'token_reused', 'account_closed',
        'password_changed', 'password_reset'
    )
) NOT VALID;
