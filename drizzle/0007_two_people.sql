CREATE TABLE "batch_approvals" (
	"id" uuid PRIMARY KEY DEFAULT new_id() NOT NULL,
	"batch_id" uuid NOT NULL,
	"user_id" uuid NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"content_hash" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "quota_issues" (
	"id" uuid PRIMARY KEY DEFAULT new_id() NOT NULL,
	"programme_id" uuid NOT NULL,
	"enterprise_id" uuid NOT NULL,
	"amount_fen" bigint NOT NULL,
	"reason" text NOT NULL,
	"state" text DEFAULT 'proposed' NOT NULL,
	"made_by" uuid NOT NULL,
	"made_at" timestamp with time zone NOT NULL,
	"checked_by" uuid,
	"checked_at" timestamp with time zone,
	"note" text,
	CONSTRAINT "quota_issues_two_people" CHECK ("quota_issues"."made_by" <> "quota_issues"."checked_by"),
	CONSTRAINT "quota_issues_positive" CHECK ("quota_issues"."amount_fen" > 0),
	CONSTRAINT "quota_issues_checked" CHECK (("quota_issues"."state" = 'proposed') = ("quota_issues"."checked_by" is null))
);
--> statement-breakpoint
ALTER TABLE "batches" ADD COLUMN "approvals_needed" integer DEFAULT 1 NOT NULL;--> statement-breakpoint
ALTER TABLE "batches" ADD COLUMN "approved_hash" text;--> statement-breakpoint
ALTER TABLE "batches" ADD COLUMN "instructed_by" uuid;--> statement-breakpoint
ALTER TABLE "batches" ADD COLUMN "reconciled_by" uuid;--> statement-breakpoint
ALTER TABLE "batch_approvals" ADD CONSTRAINT "batch_approvals_batch_id_batches_id_fk" FOREIGN KEY ("batch_id") REFERENCES "public"."batches"("id") ON DELETE restrict ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "batch_approvals" ADD CONSTRAINT "batch_approvals_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE restrict ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "quota_issues" ADD CONSTRAINT "quota_issues_programme_id_programmes_id_fk" FOREIGN KEY ("programme_id") REFERENCES "public"."programmes"("id") ON DELETE restrict ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "quota_issues" ADD CONSTRAINT "quota_issues_enterprise_id_organisations_id_fk" FOREIGN KEY ("enterprise_id") REFERENCES "public"."organisations"("id") ON DELETE restrict ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "quota_issues" ADD CONSTRAINT "quota_issues_made_by_users_id_fk" FOREIGN KEY ("made_by") REFERENCES "public"."users"("id") ON DELETE restrict ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "quota_issues" ADD CONSTRAINT "quota_issues_checked_by_users_id_fk" FOREIGN KEY ("checked_by") REFERENCES "public"."users"("id") ON DELETE restrict ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "batch_approvals_once" ON "batch_approvals" USING btree ("batch_id","user_id");--> statement-breakpoint
CREATE INDEX "quota_issues_state" ON "quota_issues" USING btree ("state","id");--> statement-breakpoint
ALTER TABLE "batches" ADD CONSTRAINT "batches_instructed_by_users_id_fk" FOREIGN KEY ("instructed_by") REFERENCES "public"."users"("id") ON DELETE restrict ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "batches" ADD CONSTRAINT "batches_reconciled_by_users_id_fk" FOREIGN KEY ("reconciled_by") REFERENCES "public"."users"("id") ON DELETE restrict ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "bank_accounts" ADD CONSTRAINT "bank_accounts_checked" CHECK ("bank_accounts"."state" = 'proposed' or "bank_accounts"."decided_by" is not null or "bank_accounts"."proposed_by" is null);--> statement-breakpoint
-- What one person composed and approved before this rule stays with its events; its row forgets who opened it.
update "batches" set "opened_by" = null where "opened_by" = "approved_by";--> statement-breakpoint
ALTER TABLE "batches" ADD CONSTRAINT "batches_approver_apart" CHECK ("batches"."approved_by" <> "batches"."opened_by");--> statement-breakpoint
ALTER TABLE "batches" ADD CONSTRAINT "batches_payer_apart" CHECK ("batches"."instructed_by" <> "batches"."approved_by");