-- no transaction
-- squawk-ignore-file ban-concurrent-index-creation-in-transaction
-- Whose people those become who accept an invitation.
CREATE TABLE IF NOT EXISTS projects_client_invitation (
    invitation uuid PRIMARY KEY
        CONSTRAINT projects_client_invitation_invitation_fkey REFERENCES users_invitation ON DELETE CASCADE,
    client uuid NOT NULL
        CONSTRAINT projects_client_invitation_client_fkey REFERENCES projects_client ON DELETE CASCADE
);
CREATE INDEX CONCURRENTLY IF NOT EXISTS projects_client_invitation_client ON projects_client_invitation (client);
-- Lists are ordered by the ranks of choices, not by their names.
CREATE INDEX CONCURRENTLY IF NOT EXISTS projects_project_priority_rank
ON projects_project (array_position('{low,medium,high,urgent}'::text[], priority), id);
CREATE INDEX CONCURRENTLY IF NOT EXISTS projects_project_status_rank
ON projects_project (array_position('{planning,active,on_hold,review,complete,cancelled}'::text[], status), id);
