-- Comments and attachments are found through core_search.
SELECT core_search_keep('common_comment', 'common.comment', 'on_row', b => '{body}');
SELECT core_search_keep('common_attachment', 'common.attachment', 'on_row', a => '{name}');
-- What these columns and their indexes held stands in core_search.
-- squawk-ignore ban-drop-column
ALTER TABLE common_comment DROP COLUMN search, DROP COLUMN search_text;
-- squawk-ignore ban-drop-column
ALTER TABLE common_attachment DROP COLUMN search, DROP COLUMN search_text;
