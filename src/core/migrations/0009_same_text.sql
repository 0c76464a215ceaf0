-- The form in which texts that read alike are one: case folded, blanks single, nothing invisible. folded() of the program
-- is the same. Unique indexes are over it, and filters that mean what they mean.
CREATE FUNCTION core_same(words text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN CASE WHEN octet_length(words) = char_length(words)
    THEN lower(btrim(regexp_replace(words, '[\t\n\v\f\r ]+', ' ', 'g')) COLLATE "und-x-icu")
    ELSE normalize(replace(replace(lower(btrim(regexp_replace(regexp_replace(normalize(words, NFC),
        '[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]',
        '', 'g'),
        '[\t\n\v\f\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u2800\u3000]+', ' ', 'g'))
        COLLATE "und-x-icu"), 'ς', 'σ'), 'ß', 'ss'), NFC)
    END;

-- Tags are kept in that form, each once, where the first of equal ones stood.
CREATE FUNCTION core_same_words(words text[]) RETURNS text[]
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN (
    SELECT coalesce(array_agg(kept.word ORDER BY kept.place), ARRAY[]::text[])
    FROM (
        SELECT core_same(used.word) AS word, min(used.place) AS place
        FROM unnest(words) WITH ORDINALITY AS used (word, place) GROUP BY 1
    ) AS kept
);
