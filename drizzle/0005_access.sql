-- Codes of the old form are of no use any more.
delete from "log_in_codes";--> statement-breakpoint
CREATE TABLE "bank_accounts" (
	"id" uuid PRIMARY KEY DEFAULT new_id() NOT NULL,
	"organisation_id" uuid NOT NULL,
	"bank_name" text NOT NULL,
	"account" text NOT NULL,
	"account_tail" text NOT NULL,
	"state" text NOT NULL,
	"proposed_by" uuid,
	"proposed_at" timestamp with time zone NOT NULL,
	"decided_by" uuid,
	"decided_at" timestamp with time zone,
	"reason" text,
	CONSTRAINT "bank_accounts_two_people" CHECK ("bank_accounts"."decided_by" <> "bank_accounts"."proposed_by")
);
--> statement-breakpoint
CREATE TABLE "consents" (
	"id" uuid PRIMARY KEY DEFAULT new_id() NOT NULL,
	"user_id" uuid NOT NULL,
	"scope" text NOT NULL,
	"version" text NOT NULL,
	"channel" text NOT NULL,
	"given_at" timestamp with time zone NOT NULL,
	"withdrawn_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "credentials" (
	"id" uuid PRIMARY KEY DEFAULT new_id() NOT NULL,
	"organisation_id" uuid NOT NULL,
	"kind" text NOT NULL,
	"number" text NOT NULL,
	"valid_from" date NOT NULL,
	"valid_to" date NOT NULL,
	"file_id" uuid,
	"state" text NOT NULL,
	"submitted_by" uuid,
	"submitted_at" timestamp with time zone NOT NULL,
	"decided_by" uuid,
	"decided_at" timestamp with time zone,
	"reason" text,
	CONSTRAINT "credentials_two_people" CHECK ("credentials"."decided_by" <> "credentials"."submitted_by"),
	CONSTRAINT "credentials_end_after_start" CHECK ("credentials"."valid_from" <= "credentials"."valid_to")
);
--> statement-breakpoint
CREATE TABLE "delegations" (
	"id" uuid PRIMARY KEY DEFAULT new_id() NOT NULL,
	"duty" text NOT NULL,
	"from_id" uuid NOT NULL,
	"to_id" uuid NOT NULL,
	"document" text NOT NULL,
	"valid_from" date NOT NULL,
	"valid_to" date,
	"granted_by" uuid NOT NULL,
	"granted_at" timestamp with time zone NOT NULL,
	"revoked_by" uuid,
	"revoked_at" timestamp with time zone,
	CONSTRAINT "delegations_two_bodies" CHECK ("delegations"."from_id" <> "delegations"."to_id")
);
--> statement-breakpoint
CREATE TABLE "experts" (
	"user_id" uuid PRIMARY KEY NOT NULL,
	"field_codes" text[] NOT NULL,
	"unit" text NOT NULL,
	"term_from" date NOT NULL,
	"term_to" date NOT NULL,
	CONSTRAINT "experts_end_after_start" CHECK ("experts"."term_from" <= "experts"."term_to")
);
--> statement-breakpoint
CREATE TABLE "factors" (
	"id" uuid PRIMARY KEY DEFAULT new_id() NOT NULL,
	"user_id" uuid NOT NULL,
	"kind" text NOT NULL,
	"label" text NOT NULL,
	"secret" text NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"confirmed_at" timestamp with time zone,
	"last_step" bigint DEFAULT 0 NOT NULL,
	"tries" integer DEFAULT 0 NOT NULL,
	"blocked_until" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "invitations" (
	"id" uuid PRIMARY KEY DEFAULT new_id() NOT NULL,
	"organisation_id" uuid NOT NULL,
	"role" text NOT NULL,
	"code_hash" text NOT NULL,
	"order_limit_fen" bigint,
	"month_limit_fen" bigint,
	"invited_by" uuid NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"accepted_by" uuid,
	"accepted_at" timestamp with time zone,
	"revoked_at" timestamp with time zone,
	CONSTRAINT "invitations_code" UNIQUE("code_hash"),
	CONSTRAINT "invitations_not_oneself" CHECK ("invitations"."accepted_by" <> "invitations"."invited_by")
);
--> statement-breakpoint
CREATE TABLE "log_ins" (
	"id" uuid PRIMARY KEY DEFAULT new_id() NOT NULL,
	"user_id" uuid NOT NULL,
	"membership_id" uuid,
	"channel" text NOT NULL,
	"device" text NOT NULL,
	"address" text,
	"methods" text[] NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"seen_at" timestamp with time zone NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"strong_at" timestamp with time zone,
	"generation" integer DEFAULT 0 NOT NULL,
	"rotated_at" timestamp with time zone NOT NULL,
	"revoked_at" timestamp with time zone,
	"revoked_reason" text
);
--> statement-breakpoint
CREATE TABLE "staff_records" (
	"id" uuid PRIMARY KEY DEFAULT new_id() NOT NULL,
	"user_id" uuid NOT NULL,
	"organisation_id" uuid NOT NULL,
	"post" text NOT NULL,
	"title" text,
	"establishment" text NOT NULL,
	"joined_on" date,
	"left_on" date
);
--> statement-breakpoint
CREATE TABLE "trainings" (
	"id" uuid PRIMARY KEY DEFAULT new_id() NOT NULL,
	"staff_record_id" uuid NOT NULL,
	"kind" text NOT NULL,
	"name" text NOT NULL,
	"hours" integer NOT NULL,
	"held_on" date NOT NULL,
	"result" text NOT NULL,
	"expires_on" date,
	"recorded_by" uuid
);
--> statement-breakpoint
CREATE TABLE "verifications" (
	"id" uuid PRIMARY KEY DEFAULT new_id() NOT NULL,
	"organisation_id" uuid NOT NULL,
	"state" text NOT NULL,
	"findings" text[] NOT NULL,
	"legal_representative" text,
	"shareholders" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"licence_file_id" uuid,
	"submitted_by" uuid NOT NULL,
	"submitted_at" timestamp with time zone NOT NULL,
	"decided_by" uuid,
	"decided_at" timestamp with time zone,
	"reason" text,
	CONSTRAINT "verifications_two_people" CHECK ("verifications"."decided_by" <> "verifications"."submitted_by")
);
--> statement-breakpoint
CREATE TABLE "wechat_bindings" (
	"user_id" uuid PRIMARY KEY NOT NULL,
	"openid_index" text NOT NULL,
	"openid" text NOT NULL,
	"session_key" text NOT NULL,
	"bound_at" timestamp with time zone NOT NULL,
	CONSTRAINT "wechat_bindings_openid" UNIQUE("openid_index")
);
--> statement-breakpoint
CREATE TABLE "audit_entries" (
	"id" uuid PRIMARY KEY DEFAULT new_id() NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"kind" text NOT NULL,
	"action" text NOT NULL,
	"actor_id" uuid,
	"job" text,
	"role" text,
	"organisation_id" uuid,
	"log_in_id" uuid,
	"subject_id" text NOT NULL,
	"detail" jsonb NOT NULL,
	"address" text,
	"request_id" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "audit_heads" (
	"shard" integer PRIMARY KEY NOT NULL,
	"seq" bigint NOT NULL,
	"hash" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "audit_links" (
	"shard" integer NOT NULL,
	"seq" bigint NOT NULL,
	"source" text NOT NULL,
	"row_id" uuid NOT NULL,
	"row_hash" text NOT NULL,
	"hash" text NOT NULL,
	CONSTRAINT "audit_links_shard_seq_pk" PRIMARY KEY("shard","seq")
);
--> statement-breakpoint
CREATE TABLE "audit_seals" (
	"id" uuid PRIMARY KEY DEFAULT new_id() NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"heads" jsonb NOT NULL,
	"signature" text NOT NULL,
	"kid" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "data_keys" (
	"kid" text PRIMARY KEY NOT NULL,
	"scope" text NOT NULL,
	"wrapped" text,
	"kek" text NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"retired_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "file_links" (
	"code_hash" text PRIMARY KEY NOT NULL,
	"file_id" uuid NOT NULL,
	"user_id" uuid NOT NULL,
	"once" boolean NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"used_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "files" (
	"id" uuid PRIMARY KEY DEFAULT new_id() NOT NULL,
	"organisation_id" uuid,
	"owner_id" uuid NOT NULL,
	"purpose" text NOT NULL,
	"name" text NOT NULL,
	"type" text NOT NULL,
	"bytes" integer NOT NULL,
	"sha256" text NOT NULL,
	"state" text NOT NULL,
	"scan" text NOT NULL,
	"stored_as" text NOT NULL,
	"key" text,
	"created_at" timestamp with time zone NOT NULL,
	"delete_on" timestamp with time zone,
	"deleted_at" timestamp with time zone
);
--> statement-breakpoint
ALTER TABLE "organisations" DROP CONSTRAINT "organisations_uscc";--> statement-breakpoint
ALTER TABLE "users" DROP CONSTRAINT "users_phone";--> statement-breakpoint
DROP INDEX "log_in_codes_phone";--> statement-breakpoint
ALTER TABLE "log_in_codes" ALTER COLUMN "phone" DROP NOT NULL;--> statement-breakpoint
ALTER TABLE "users" ALTER COLUMN "phone" DROP NOT NULL;--> statement-breakpoint
ALTER TABLE "log_in_codes" ADD COLUMN "phone_index" text NOT NULL;--> statement-breakpoint
ALTER TABLE "log_in_codes" ADD COLUMN "address" text;--> statement-breakpoint
ALTER TABLE "log_in_codes" ADD COLUMN "tries" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "log_in_codes" ADD COLUMN "used_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "memberships" ADD COLUMN "order_limit_fen" bigint;--> statement-breakpoint
ALTER TABLE "memberships" ADD COLUMN "month_limit_fen" bigint;--> statement-breakpoint
ALTER TABLE "memberships" ADD COLUMN "granted_by" uuid;--> statement-breakpoint
ALTER TABLE "memberships" ADD COLUMN "granted_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "organisations" ADD COLUMN "user_kind" text;--> statement-breakpoint
ALTER TABLE "organisations" ADD COLUMN "department_kind" text;--> statement-breakpoint
ALTER TABLE "organisations" ADD COLUMN "verification" text DEFAULT 'verified' NOT NULL;--> statement-breakpoint
ALTER TABLE "organisations" ADD COLUMN "registered_by" uuid;--> statement-breakpoint
ALTER TABLE "organisations" ADD COLUMN "registered_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "users" ADD COLUMN "phone_index" text;--> statement-breakpoint
ALTER TABLE "users" ADD COLUMN "created_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "users" ADD COLUMN "closed_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "users" ADD COLUMN "erased_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "bank_accounts" ADD CONSTRAINT "bank_accounts_organisation_id_organisations_id_fk" FOREIGN KEY ("organisation_id") REFERENCES "public"."organisations"("id") ON DELETE restrict ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "bank_accounts" ADD CONSTRAINT "bank_accounts_proposed_by_users_id_fk" FOREIGN KEY ("proposed_by") REFERENCES "public"."users"("id") ON DELETE restrict ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "bank_accounts" ADD CONSTRAINT "bank_accounts_decided_by_users_id_fk" FOREIGN KEY ("decided_by") REFERENCES "public"."users"("id") ON DELETE restrict ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "consents" ADD CONSTRAINT "consents_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "credentials" ADD CONSTRAINT "credentials_organisation_id_organisations_id_fk" FOREIGN KEY ("organisation_id") REFERENCES "public"."organisations"("id") ON DELETE restrict ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "credentials" ADD CONSTRAINT "credentials_submitted_by_users_id_fk" FOREIGN KEY ("submitted_by") REFERENCES "public"."users"("id") ON DELETE restrict ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "credentials" ADD CONSTRAINT "credentials_decided_by_users_id_fk" FOREIGN KEY ("decided_by") REFERENCES "public"."users"("id") ON DELETE restrict ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "delegations" ADD CONSTRAINT "delegations_from_id_organisations_id_fk" FOREIGN KEY ("from_id") REFERENCES "public"."organisations"("id") ON DELETE restrict ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "delegations" ADD CONSTRAINT "delegations_to_id_organisations_id_fk" FOREIGN KEY ("to_id") REFERENCES "public"."organisations"("id") ON DELETE restrict ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "delegations" ADD CONSTRAINT "delegations_granted_by_users_id_fk" FOREIGN KEY ("granted_by") REFERENCES "public"."users"("id") ON DELETE restrict ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "delegations" ADD CONSTRAINT "delegations_revoked_by_users_id_fk" FOREIGN KEY ("revoked_by") REFERENCES "public"."users"("id") ON DELETE restrict ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "experts" ADD CONSTRAINT "experts_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "factors" ADD CONSTRAINT "factors_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "invitations" ADD CONSTRAINT "invitations_organisation_id_organisations_id_fk" FOREIGN KEY ("organisation_id") REFERENCES "public"."organisations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "invitations" ADD CONSTRAINT "invitations_invited_by_users_id_fk" FOREIGN KEY ("invited_by") REFERENCES "public"."users"("id") ON DELETE restrict ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "invitations" ADD CONSTRAINT "invitations_accepted_by_users_id_fk" FOREIGN KEY ("accepted_by") REFERENCES "public"."users"("id") ON DELETE restrict ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "log_ins" ADD CONSTRAINT "log_ins_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "log_ins" ADD CONSTRAINT "log_ins_membership_id_memberships_id_fk" FOREIGN KEY ("membership_id") REFERENCES "public"."memberships"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "staff_records" ADD CONSTRAINT "staff_records_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "staff_records" ADD CONSTRAINT "staff_records_organisation_id_organisations_id_fk" FOREIGN KEY ("organisation_id") REFERENCES "public"."organisations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "trainings" ADD CONSTRAINT "trainings_staff_record_id_staff_records_id_fk" FOREIGN KEY ("staff_record_id") REFERENCES "public"."staff_records"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "trainings" ADD CONSTRAINT "trainings_recorded_by_users_id_fk" FOREIGN KEY ("recorded_by") REFERENCES "public"."users"("id") ON DELETE restrict ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "verifications" ADD CONSTRAINT "verifications_organisation_id_organisations_id_fk" FOREIGN KEY ("organisation_id") REFERENCES "public"."organisations"("id") ON DELETE restrict ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "verifications" ADD CONSTRAINT "verifications_submitted_by_users_id_fk" FOREIGN KEY ("submitted_by") REFERENCES "public"."users"("id") ON DELETE restrict ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "verifications" ADD CONSTRAINT "verifications_decided_by_users_id_fk" FOREIGN KEY ("decided_by") REFERENCES "public"."users"("id") ON DELETE restrict ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "wechat_bindings" ADD CONSTRAINT "wechat_bindings_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "file_links" ADD CONSTRAINT "file_links_file_id_files_id_fk" FOREIGN KEY ("file_id") REFERENCES "public"."files"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "bank_accounts_one_in_use" ON "bank_accounts" USING btree ("organisation_id") WHERE "bank_accounts"."state" = 'in_use';--> statement-breakpoint
CREATE UNIQUE INDEX "bank_accounts_one_proposed" ON "bank_accounts" USING btree ("organisation_id") WHERE "bank_accounts"."state" = 'proposed';--> statement-breakpoint
CREATE UNIQUE INDEX "consents_one_in_force" ON "consents" USING btree ("user_id","scope","version") WHERE "consents"."withdrawn_at" is null;--> statement-breakpoint
CREATE UNIQUE INDEX "credentials_once" ON "credentials" USING btree ("organisation_id","kind","number","valid_from");--> statement-breakpoint
CREATE INDEX "credentials_organisation" ON "credentials" USING btree ("organisation_id","kind","valid_to");--> statement-breakpoint
CREATE UNIQUE INDEX "delegations_once" ON "delegations" USING btree ("duty","to_id") WHERE "delegations"."revoked_at" is null;--> statement-breakpoint
CREATE INDEX "factors_user" ON "factors" USING btree ("user_id");--> statement-breakpoint
CREATE UNIQUE INDEX "factors_one_generator" ON "factors" USING btree ("user_id") WHERE "factors"."kind" = 'totp' and "factors"."confirmed_at" is not null;--> statement-breakpoint
CREATE INDEX "invitations_organisation" ON "invitations" USING btree ("organisation_id","created_at");--> statement-breakpoint
CREATE INDEX "log_ins_user" ON "log_ins" USING btree ("user_id","created_at");--> statement-breakpoint
CREATE INDEX "log_ins_expiry" ON "log_ins" USING btree ("expires_at");--> statement-breakpoint
CREATE UNIQUE INDEX "staff_records_once" ON "staff_records" USING btree ("user_id","organisation_id");--> statement-breakpoint
CREATE INDEX "trainings_person" ON "trainings" USING btree ("staff_record_id","held_on");--> statement-breakpoint
CREATE UNIQUE INDEX "verifications_one_open" ON "verifications" USING btree ("organisation_id") WHERE "verifications"."state" = 'submitted';--> statement-breakpoint
CREATE INDEX "verifications_state" ON "verifications" USING btree ("state","submitted_at");--> statement-breakpoint
CREATE INDEX "audit_entries_at" ON "audit_entries" USING btree ("at");--> statement-breakpoint
CREATE INDEX "audit_entries_subject" ON "audit_entries" USING btree ("subject_id");--> statement-breakpoint
CREATE INDEX "audit_entries_actor" ON "audit_entries" USING btree ("actor_id","at");--> statement-breakpoint
CREATE UNIQUE INDEX "audit_links_row" ON "audit_links" USING btree ("source","row_id");--> statement-breakpoint
CREATE UNIQUE INDEX "data_keys_one_in_use" ON "data_keys" USING btree ("scope") WHERE "data_keys"."retired_at" is null;--> statement-breakpoint
CREATE INDEX "files_organisation" ON "files" USING btree ("organisation_id","created_at");--> statement-breakpoint
CREATE INDEX "files_deletion" ON "files" USING btree ("delete_on") WHERE "files"."deleted_at" is null;--> statement-breakpoint
ALTER TABLE "memberships" ADD CONSTRAINT "memberships_granted_by_users_id_fk" FOREIGN KEY ("granted_by") REFERENCES "public"."users"("id") ON DELETE restrict ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "log_in_codes_address" ON "log_in_codes" USING btree ("address","created_at");--> statement-breakpoint
CREATE INDEX "log_in_codes_created" ON "log_in_codes" USING btree ("created_at");--> statement-breakpoint
CREATE UNIQUE INDEX "memberships_one_administrator" ON "memberships" USING btree ("user_id") WHERE "memberships"."role" in ('platform-administrator', 'security-administrator', 'auditor');--> statement-breakpoint
CREATE UNIQUE INDEX "organisations_uscc" ON "organisations" USING btree ("uscc") WHERE "organisations"."verification" = 'verified';--> statement-breakpoint
CREATE INDEX "organisations_waiting" ON "organisations" USING btree ("verification") WHERE "organisations"."verification" <> 'verified';--> statement-breakpoint
CREATE INDEX "log_in_codes_phone" ON "log_in_codes" USING btree ("phone_index","created_at");--> statement-breakpoint
ALTER TABLE "users" ADD CONSTRAINT "users_phone" UNIQUE("phone_index");