CREATE INDEX "credentials_waiting" ON "credentials" USING btree ("valid_to") WHERE "credentials"."state" = 'submitted';--> statement-breakpoint
insert into credentials (organisation_id, kind, number, valid_from, valid_to, state, submitted_at)
	select id, 'tech-sme', coalesce(registry_number, ''), date_trunc('year', registry_valid_to)::date, registry_valid_to, 'accepted', now()
	from organisations where registry_valid_to is not null
	on conflict do nothing;--> statement-breakpoint
ALTER TABLE "organisations" DROP COLUMN "registry_number";--> statement-breakpoint
ALTER TABLE "organisations" DROP COLUMN "registry_valid_to";--> statement-breakpoint
ALTER TABLE "memberships" ADD CONSTRAINT "memberships_not_by_oneself" CHECK ("memberships"."granted_by" <> "memberships"."user_id");