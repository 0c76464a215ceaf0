-- Comments and attachments on any record, and saved views of lists.
-- on_model and on_row name the record: the model and the row's id. No foreign key can lead to a table of whichever
-- name, so the app checks the record when the row is made and shows the row only to who sees the record.

CREATE TABLE common_comment (
    id uuid PRIMARY KEY,
    on_model text NOT NULL,
    on_row uuid NOT NULL,
    author uuid NOT NULL CONSTRAINT common_comment_author_fkey REFERENCES users_user,
    reply_to uuid CONSTRAINT common_comment_reply_to_fkey REFERENCES common_comment ON DELETE SET NULL,
    depth bigint NOT NULL DEFAULT 0,
    body text NOT NULL,
    mentions uuid[] NOT NULL DEFAULT '{}',
    internal boolean NOT NULL DEFAULT false,
    edited_at timestamptz,
    removed_by uuid CONSTRAINT common_comment_removed_by_fkey REFERENCES users_user ON DELETE SET NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version bigint NOT NULL DEFAULT 1,
    deleted_at timestamptz,
    search tsvector GENERATED ALWAYS AS (
        setweight(to_tsvector('simple', coalesce(body, '')), 'B')
    ) STORED,
    search_text text GENERATED ALWAYS AS (lower(coalesce(body, ''))) STORED,
    CONSTRAINT common_comment_body_length CHECK (length(body) BETWEEN 1 AND 10000),
    CONSTRAINT common_comment_depth_range CHECK (depth BETWEEN 0 AND 2)
);
CREATE INDEX common_comment_record ON common_comment (on_model, on_row, created_at);
CREATE INDEX common_comment_on_row ON common_comment (on_row, created_at);
CREATE INDEX common_comment_author ON common_comment (author, created_at);
CREATE INDEX common_comment_reply_to ON common_comment (reply_to);
CREATE INDEX common_comment_mentions ON common_comment USING gin (mentions);
CREATE INDEX common_comment_removed_by ON common_comment (removed_by);
CREATE INDEX common_comment_internal ON common_comment (internal);
CREATE INDEX common_comment_created_at ON common_comment (created_at, id);
CREATE INDEX common_comment_updated_at ON common_comment (updated_at, id);
CREATE INDEX common_comment_search ON common_comment USING gin (search);
CREATE INDEX common_comment_search_text ON common_comment USING gin (search_text gin_trgm_ops);

CREATE TABLE common_attachment (
    id uuid PRIMARY KEY,
    on_model text NOT NULL,
    on_row uuid NOT NULL,
    name text NOT NULL,
    media_type text NOT NULL,
    size bigint NOT NULL,
    sha256 text NOT NULL,
    uploader uuid NOT NULL CONSTRAINT common_attachment_uploader_fkey REFERENCES users_user,
    internal boolean NOT NULL DEFAULT false,
    storage_key text NOT NULL DEFAULT '',
    removed_by uuid CONSTRAINT common_attachment_removed_by_fkey REFERENCES users_user ON DELETE SET NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version bigint NOT NULL DEFAULT 1,
    deleted_at timestamptz,
    search tsvector GENERATED ALWAYS AS (
        setweight(to_tsvector('simple', coalesce(name, '')), 'A')
    ) STORED,
    search_text text GENERATED ALWAYS AS (lower(coalesce(name, ''))) STORED,
    CONSTRAINT common_attachment_name_length CHECK (length(name) BETWEEN 1 AND 200),
    CONSTRAINT common_attachment_size_range CHECK (size > 0),
    CONSTRAINT common_attachment_sha256_form CHECK (sha256 ~ '^[0-9a-f]{64}$')
);
CREATE INDEX common_attachment_record ON common_attachment (on_model, on_row, created_at);
CREATE INDEX common_attachment_on_row ON common_attachment (on_row, created_at);
CREATE INDEX common_attachment_name ON common_attachment (name, id);
CREATE INDEX common_attachment_media_type ON common_attachment (media_type);
CREATE INDEX common_attachment_size ON common_attachment (size, id);
CREATE INDEX common_attachment_uploader ON common_attachment (uploader, created_at);
CREATE INDEX common_attachment_removed_by ON common_attachment (removed_by);
CREATE INDEX common_attachment_internal ON common_attachment (internal);
CREATE INDEX common_attachment_created_at ON common_attachment (created_at, id);
CREATE INDEX common_attachment_updated_at ON common_attachment (updated_at, id);
CREATE INDEX common_attachment_search ON common_attachment USING gin (search);
CREATE INDEX common_attachment_search_text ON common_attachment USING gin (search_text gin_trgm_ops);

-- The bytes of small attachments, apart from their rows so that lists don't read past them.
CREATE TABLE common_attachment_content (
    attachment uuid PRIMARY KEY
        CONSTRAINT common_attachment_content_attachment_fkey REFERENCES common_attachment ON DELETE CASCADE,
    content bytea NOT NULL,
    CONSTRAINT common_attachment_content_size CHECK (octet_length(content) BETWEEN 1 AND 716800)
);

CREATE TABLE common_saved_view (
    id uuid PRIMARY KEY,
    name text NOT NULL,
    on_model text NOT NULL,
    query jsonb NOT NULL DEFAULT '{}',
    query_string text NOT NULL DEFAULT '',
    owner uuid NOT NULL CONSTRAINT common_saved_view_owner_fkey REFERENCES users_user ON DELETE CASCADE,
    visibility text NOT NULL DEFAULT 'personal',
    is_default boolean NOT NULL DEFAULT false,
    position bigint NOT NULL DEFAULT 0,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version bigint NOT NULL DEFAULT 1,
    CONSTRAINT common_saved_view_name_length CHECK (length(name) BETWEEN 1 AND 100),
    CONSTRAINT common_saved_view_visibility_choice CHECK (visibility IN ('personal', 'team', 'everyone')),
    CONSTRAINT common_saved_view_position_range CHECK (position >= 0)
);
CREATE UNIQUE INDEX common_saved_view_default_once ON common_saved_view (owner, on_model) WHERE is_default;
CREATE INDEX common_saved_view_name ON common_saved_view (name, id);
CREATE INDEX common_saved_view_on_model ON common_saved_view (on_model);
CREATE INDEX common_saved_view_owner ON common_saved_view (owner, position);
CREATE INDEX common_saved_view_visibility ON common_saved_view (visibility);
CREATE INDEX common_saved_view_is_default ON common_saved_view (is_default);
CREATE INDEX common_saved_view_position ON common_saved_view (position, id);
CREATE INDEX common_saved_view_created_at ON common_saved_view (created_at, id);
CREATE INDEX common_saved_view_updated_at ON common_saved_view (updated_at, id);
