-- What erased people are called can't be taken by others: the data of whoever is called so next could not be erased.
UPDATE users_user SET username = left('not-' || username, 32) WHERE username LIKE 'erased-%' AND erased_at IS NULL;
UPDATE users_user SET email = email || '.invalid' WHERE lower(email) LIKE '%@erased.invalid' AND erased_at IS NULL;
ALTER TABLE users_user ADD CONSTRAINT users_user_former_username CHECK (
    username NOT LIKE 'erased-%' OR erased_at IS NOT NULL
) NOT VALID;
ALTER TABLE users_user ADD CONSTRAINT users_user_former_address CHECK (
    lower(email) NOT LIKE '%@erased.invalid' OR erased_at IS NOT NULL
) NOT VALID;
