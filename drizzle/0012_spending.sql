ALTER TABLE "bookings" DROP CONSTRAINT "bookings_state";--> statement-breakpoint
DROP INDEX "bookings_waiting";--> statement-breakpoint
ALTER TABLE "bookings" ADD COLUMN "beneficiary_id" uuid;--> statement-breakpoint
ALTER TABLE "bookings" ADD COLUMN "approval_due_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "bookings" ADD COLUMN "approved_by" uuid;--> statement-breakpoint
ALTER TABLE "bookings" ADD COLUMN "approved_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "bookings" ADD CONSTRAINT "bookings_beneficiary_id_users_id_fk" FOREIGN KEY ("beneficiary_id") REFERENCES "public"."users"("id") ON DELETE restrict ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "bookings" ADD CONSTRAINT "bookings_approved_by_users_id_fk" FOREIGN KEY ("approved_by") REFERENCES "public"."users"("id") ON DELETE restrict ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "bookings_waiting" ON "bookings" USING btree ("requester_id") WHERE "bookings"."state" in ('held', 'awaiting_approval', 'requested');--> statement-breakpoint
ALTER TABLE "bookings" ADD CONSTRAINT "bookings_approved_by_another" CHECK ("bookings"."approved_by" <> "bookings"."requester_id");--> statement-breakpoint
ALTER TABLE "bookings" ADD CONSTRAINT "bookings_approval_due" CHECK ("bookings"."state" <> 'awaiting_approval' or "bookings"."approval_due_at" is not null);--> statement-breakpoint
ALTER TABLE "bookings" ADD CONSTRAINT "bookings_for_another" CHECK ("bookings"."beneficiary_id" <> "bookings"."requester_id");--> statement-breakpoint
ALTER TABLE "bookings" ADD CONSTRAINT "bookings_state" CHECK ("bookings"."state" in ('held','awaiting_approval','requested','confirmed','running','finished','closed','lapsed','declined','cancelled','displaced','no_show'));