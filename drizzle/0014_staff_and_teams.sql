CREATE TABLE "duty_shifts" (
	"id" uuid PRIMARY KEY DEFAULT new_id() NOT NULL,
	"instrument_id" uuid NOT NULL,
	"user_id" uuid NOT NULL,
	"on_date" date NOT NULL,
	"starts_minute" integer NOT NULL,
	"ends_minute" integer NOT NULL,
	"substitute_for" uuid,
	CONSTRAINT "duty_shifts_minutes" CHECK (0 <= "duty_shifts"."starts_minute" and "duty_shifts"."starts_minute" < "duty_shifts"."ends_minute" and "duty_shifts"."ends_minute" <= 1440),
	CONSTRAINT "duty_shifts_for_another" CHECK ("duty_shifts"."substitute_for" <> "duty_shifts"."user_id")
);
--> statement-breakpoint
CREATE TABLE "team_alarms" (
	"id" uuid PRIMARY KEY DEFAULT new_id() NOT NULL,
	"instrument_id" uuid NOT NULL,
	"kind" text NOT NULL,
	"about" text NOT NULL,
	"told_at" timestamp with time zone NOT NULL,
	"ended_at" timestamp with time zone
);
--> statement-breakpoint
ALTER TABLE "instrument_technicians" ADD COLUMN "position" text DEFAULT 'member' NOT NULL;--> statement-breakpoint
ALTER TABLE "instrument_technicians" ADD COLUMN "licence_number" text;--> statement-breakpoint
ALTER TABLE "instrument_technicians" ADD COLUMN "licensed_on" date;--> statement-breakpoint
ALTER TABLE "instrument_technicians" ADD COLUMN "licence_expires_on" date;--> statement-breakpoint
ALTER TABLE "instruments" ADD COLUMN "staff_min" integer DEFAULT 1 NOT NULL;--> statement-breakpoint
ALTER TABLE "experts" ADD COLUMN "class_codes" text[] DEFAULT '{}' NOT NULL;--> statement-breakpoint
ALTER TABLE "duty_shifts" ADD CONSTRAINT "duty_shifts_instrument_id_instruments_id_fk" FOREIGN KEY ("instrument_id") REFERENCES "public"."instruments"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "duty_shifts" ADD CONSTRAINT "duty_shifts_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "duty_shifts" ADD CONSTRAINT "duty_shifts_substitute_for_users_id_fk" FOREIGN KEY ("substitute_for") REFERENCES "public"."users"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "team_alarms" ADD CONSTRAINT "team_alarms_instrument_id_instruments_id_fk" FOREIGN KEY ("instrument_id") REFERENCES "public"."instruments"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "duty_shifts_instrument" ON "duty_shifts" USING btree ("instrument_id","on_date");--> statement-breakpoint
CREATE INDEX "duty_shifts_day" ON "duty_shifts" USING btree ("on_date","id");--> statement-breakpoint
CREATE UNIQUE INDEX "team_alarms_once" ON "team_alarms" USING btree ("instrument_id","kind","about") WHERE "team_alarms"."ended_at" is null;--> statement-breakpoint
CREATE UNIQUE INDEX "instrument_technicians_one_lead" ON "instrument_technicians" USING btree ("instrument_id") WHERE "instrument_technicians"."position" = 'lead';--> statement-breakpoint
CREATE INDEX "staff_records_organisation" ON "staff_records" USING btree ("organisation_id");--> statement-breakpoint
ALTER TABLE "instrument_technicians" ADD CONSTRAINT "instrument_technicians_position" CHECK ("instrument_technicians"."position" in ('lead', 'member', 'substitute'));--> statement-breakpoint
ALTER TABLE "instrument_technicians" ADD CONSTRAINT "instrument_technicians_licence" CHECK ("instrument_technicians"."licence_number" is not null
        or ("instrument_technicians"."licensed_on" is null and "instrument_technicians"."licence_expires_on" is null));--> statement-breakpoint
ALTER TABLE "instrument_technicians" ADD CONSTRAINT "instrument_technicians_licensed" CHECK ("instrument_technicians"."licensed_on" <= "instrument_technicians"."licence_expires_on");--> statement-breakpoint
ALTER TABLE "instruments" ADD CONSTRAINT "instruments_staff_min" CHECK ("instruments"."staff_min" between 0 and 50);--> statement-breakpoint
ALTER TABLE "staff_records" ADD CONSTRAINT "staff_records_left_after_joined" CHECK ("staff_records"."joined_on" <= "staff_records"."left_on");--> statement-breakpoint
ALTER TABLE "staff_records" ADD CONSTRAINT "staff_records_establishment" CHECK ("staff_records"."establishment" in ('establishment', 'contract', 'dispatched', 'part-time'));--> statement-breakpoint
ALTER TABLE "trainings" ADD CONSTRAINT "trainings_expire_later" CHECK ("trainings"."held_on" <= "trainings"."expires_on");--> statement-breakpoint
ALTER TABLE "trainings" ADD CONSTRAINT "trainings_hours" CHECK ("trainings"."hours" between 0 and 2000);--> statement-breakpoint
-- Nobody is on duty at two instruments at once; shifts that only touch do not overlap.
ALTER TABLE "duty_shifts" ADD CONSTRAINT "duty_shifts_no_overlap" EXCLUDE USING gist ("user_id" WITH =, "on_date" WITH =, int4range("starts_minute", "ends_minute") WITH &&);
