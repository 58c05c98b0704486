-- Sealed texts are found by the data key they are sealed with, so that a retired key's are found
-- without reading a whole table. A text is read inside the program only.

-- The number of the data key of a sealed text; null: the text is not sealed.
create or replace function sealed_with(p_text text) returns text
language sql immutable parallel safe as $$
  select substring(p_text from '^v1\.[a-z]+\.([A-Za-z0-9_-]{1,22})\.[A-Za-z0-9_-]{16}\.')
$$;

create index if not exists users_phone_key on users (sealed_with(phone));
create index if not exists messages_text_key on messages (sealed_with(text));
create index if not exists bank_accounts_account_key on bank_accounts (sealed_with(account));
create index if not exists factors_secret_key on factors (sealed_with(secret));
create index if not exists wechat_bindings_openid_key on wechat_bindings (sealed_with(openid));
create index if not exists wechat_bindings_session_key_key
  on wechat_bindings (sealed_with(session_key));
create index if not exists files_name_key on files (sealed_with(name));
create index if not exists files_key_key on files (sealed_with(key));
