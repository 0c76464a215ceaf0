-- What the studio keeps of a person, gathered because they asked for it. One for each person, and not for long. Without the
-- columns that the audit trail looks for: the document must not be kept there.
CREATE TABLE auth_export (
    person uuid PRIMARY KEY,
    state text NOT NULL DEFAULT 'pending',
    requested_at timestamptz NOT NULL,
    ready_at timestamptz,
    expires_at timestamptz,
    document text,
    CONSTRAINT auth_export_person_fkey FOREIGN KEY (person) REFERENCES users_user (id) ON DELETE CASCADE,
    CONSTRAINT auth_export_state_choice CHECK (state IN ('pending', 'ready')),
    CONSTRAINT auth_export_ready CHECK (
        (state = 'ready') = (document IS NOT NULL AND ready_at IS NOT NULL AND expires_at IS NOT NULL)
    )
);
CREATE INDEX auth_export_expires_at ON auth_export (expires_at);
