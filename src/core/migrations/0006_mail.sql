-- Mails, written in the transaction of what they tell about and sent by a job. Once a mail has been sent its bodies are
-- erased, for links in them let people in; in development they stay to be looked at.
CREATE TABLE core_mail (
    id uuid PRIMARY KEY,
    recipient text NOT NULL,
    subject text NOT NULL,
    body_text text,
    body_html text,
    template text NOT NULL,
    language text NOT NULL,
    state text NOT NULL DEFAULT 'waiting',
    attempts bigint NOT NULL DEFAULT 0,
    last_error text,
    answer text,
    created_at timestamptz NOT NULL DEFAULT now(),
    sent_at timestamptz,
    CONSTRAINT core_mail_state_choice CHECK (state IN ('waiting', 'sent', 'caught', 'failed')),
    CONSTRAINT core_mail_recipient_form CHECK (recipient !~ '[[:cntrl:]]' AND char_length(recipient) <= 254),
    CONSTRAINT core_mail_subject_form CHECK (subject !~ '[[:cntrl:]]' AND char_length(subject) <= 500),
    CONSTRAINT core_mail_waiting_has_bodies CHECK (
        state <> 'waiting' OR (body_text IS NOT NULL AND body_html IS NOT NULL)
    ),
    CONSTRAINT core_mail_sent_has_time CHECK ((state IN ('sent', 'caught')) = (sent_at IS NOT NULL)),
    CONSTRAINT core_mail_attempts CHECK (attempts >= 0)
);
CREATE INDEX core_mail_created_at ON core_mail (created_at, id);
CREATE INDEX core_mail_waiting ON core_mail (created_at) WHERE state = 'waiting';
