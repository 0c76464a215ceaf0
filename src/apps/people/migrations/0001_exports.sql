-- The table of what was gathered for people who asked for their data comes from auth, as the verbs did.
-- A program of the version before finds it no more: somebody who asks at that moment asks again.
-- squawk-ignore renaming-table
ALTER TABLE auth_export RENAME TO people_export;
ALTER TABLE people_export RENAME CONSTRAINT auth_export_pkey TO people_export_pkey;
ALTER TABLE people_export RENAME CONSTRAINT auth_export_person_fkey TO people_export_person_fkey;
ALTER TABLE people_export RENAME CONSTRAINT auth_export_state_choice TO people_export_state_choice;
ALTER TABLE people_export RENAME CONSTRAINT auth_export_ready TO people_export_ready;
ALTER INDEX auth_export_expires_at RENAME TO people_export_expires_at;
