-- no transaction
-- squawk-ignore-file ban-concurrent-index-creation-in-transaction
-- The bytes of files of more than a few hundred kilobytes come in parts, in their order, so that nobody holds a whole
-- file in memory. Whoever runs this again begins at any line.
ALTER TABLE common_attachment_content ADD COLUMN IF NOT EXISTS place bigint NOT NULL DEFAULT 0;
CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS common_attachment_content_place
ON common_attachment_content (attachment, place);
ALTER TABLE common_attachment_content
DROP CONSTRAINT IF EXISTS common_attachment_content_pkey,
ADD CONSTRAINT common_attachment_content_pkey PRIMARY KEY USING INDEX common_attachment_content_place;
