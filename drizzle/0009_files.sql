ALTER TABLE "file_links" ADD COLUMN "seat" jsonb NOT NULL;--> statement-breakpoint
CREATE INDEX "file_links_expiry" ON "file_links" USING btree ("expires_at");--> statement-breakpoint
CREATE INDEX "file_links_file" ON "file_links" USING btree ("file_id");--> statement-breakpoint
CREATE INDEX "files_owner" ON "files" USING btree ("owner_id","created_at");--> statement-breakpoint
CREATE INDEX "files_quarantined" ON "files" USING btree ("created_at") WHERE "files"."state" = 'quarantined';--> statement-breakpoint
CREATE INDEX "files_leftover" ON "files" USING btree ("id") WHERE "files"."key" is null and "files"."stored_as" <> '';--> statement-breakpoint
CREATE UNIQUE INDEX "files_stored_as" ON "files" USING btree ("stored_as") WHERE "files"."stored_as" <> '';--> statement-breakpoint
ALTER TABLE "files" ADD CONSTRAINT "files_state_known" CHECK ("files"."state" in ('clean', 'quarantined', 'refused'));--> statement-breakpoint
ALTER TABLE "files" ADD CONSTRAINT "files_not_negative" CHECK ("files"."bytes" >= 0);--> statement-breakpoint
ALTER TABLE "files" ADD CONSTRAINT "files_key_while_kept" CHECK (("files"."key" is not null) = ("files"."deleted_at" is null and "files"."state" <> 'refused'));--> statement-breakpoint
ALTER TABLE "files" ADD CONSTRAINT "files_key_needs_content" CHECK ("files"."key" is null or "files"."stored_as" <> '');