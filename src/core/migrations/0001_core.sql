-- Trigram indexes make searches tolerant of typing errors.
CREATE EXTENSION IF NOT EXISTS pg_trgm;
