CREATE TABLE "bookings" (
	"id" uuid PRIMARY KEY DEFAULT new_id() NOT NULL,
	"number" text NOT NULL,
	"state" text NOT NULL,
	"instrument_id" uuid NOT NULL,
	"institution_id" uuid NOT NULL,
	"enterprise_id" uuid NOT NULL,
	"requester_id" uuid NOT NULL,
	"starts_at" timestamp with time zone NOT NULL,
	"ends_at" timestamp with time zone NOT NULL,
	"buffer_minutes" integer NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"hold_expires_at" timestamp with time zone,
	"answer_due_at" timestamp with time zone,
	"requested_at" timestamp with time zone,
	"confirmed_at" timestamp with time zone,
	"confirmed_by" uuid,
	"service_mode" text,
	"samples" integer DEFAULT 0 NOT NULL,
	"sample_names" text[] DEFAULT '{}' NOT NULL,
	"purpose" text,
	"preparation" text,
	"service_direction" text,
	"confidentiality" text,
	"tariff_id" uuid,
	"price" jsonb,
	"total_fen" bigint,
	"programme_id" uuid,
	"voucher_fen" bigint DEFAULT 0 NOT NULL,
	"earmark_id" uuid,
	"reason" text,
	"reason_note" text,
	CONSTRAINT "bookings_number" UNIQUE("number"),
	CONSTRAINT "bookings_end_after_start" CHECK ("bookings"."starts_at" < "bookings"."ends_at"),
	CONSTRAINT "bookings_state" CHECK ("bookings"."state" in ('held','requested','confirmed','running','finished','closed','lapsed','declined','cancelled','displaced','no_show'))
);
--> statement-breakpoint
CREATE TABLE "occupancies" (
	"id" uuid PRIMARY KEY DEFAULT new_id() NOT NULL,
	"instrument_id" uuid NOT NULL,
	"occupied" "tstzrange" NOT NULL,
	"booking_id" uuid,
	"outage_id" uuid,
	CONSTRAINT "occupancies_booking" UNIQUE("booking_id"),
	CONSTRAINT "occupancies_outage" UNIQUE("outage_id"),
	CONSTRAINT "occupancies_one_cause" CHECK (num_nonnulls("occupancies"."booking_id", "occupancies"."outage_id") = 1),
	CONSTRAINT "occupancies_half_open" CHECK (lower_inc("occupancies"."occupied") and not upper_inc("occupancies"."occupied") and not isempty("occupancies"."occupied"))
);
--> statement-breakpoint
CREATE TABLE "open_hours" (
	"instrument_id" uuid PRIMARY KEY NOT NULL,
	"week" jsonb NOT NULL,
	"slot_minutes" integer NOT NULL,
	"min_minutes" integer NOT NULL,
	"max_minutes" integer NOT NULL,
	"lead_minutes" integer NOT NULL,
	"horizon_days" integer NOT NULL,
	"buffer_minutes" integer NOT NULL,
	"note" text
);
--> statement-breakpoint
CREATE TABLE "outages" (
	"id" uuid PRIMARY KEY DEFAULT new_id() NOT NULL,
	"instrument_id" uuid NOT NULL,
	"starts_at" timestamp with time zone NOT NULL,
	"ends_at" timestamp with time zone NOT NULL,
	"kind" text NOT NULL,
	"note" text NOT NULL,
	"declared_by" uuid,
	"lifted_at" timestamp with time zone,
	CONSTRAINT "outages_end_after_start" CHECK ("outages"."starts_at" < "outages"."ends_at")
);
--> statement-breakpoint
CREATE TABLE "calendar_days" (
	"date" date PRIMARY KEY NOT NULL,
	"kind" text NOT NULL,
	"name" text NOT NULL,
	"status" text NOT NULL,
	"source" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "instrument_classes" (
	"code" text PRIMARY KEY NOT NULL,
	"parent_code" text,
	"name" text NOT NULL,
	"path" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "instrument_kinds" (
	"kind" text PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"other_names" text DEFAULT '' NOT NULL,
	"english_name" text DEFAULT '' NOT NULL,
	"class_code" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "instrument_search" (
	"instrument_id" uuid PRIMARY KEY NOT NULL,
	"words" "tsvector" NOT NULL
);
--> statement-breakpoint
CREATE TABLE "instrument_technicians" (
	"instrument_id" uuid NOT NULL,
	"user_id" uuid NOT NULL,
	CONSTRAINT "instrument_technicians_instrument_id_user_id_pk" PRIMARY KEY("instrument_id","user_id")
);
--> statement-breakpoint
CREATE TABLE "instruments" (
	"id" uuid PRIMARY KEY DEFAULT new_id() NOT NULL,
	"number" text NOT NULL,
	"short_code" text NOT NULL,
	"institution_id" uuid NOT NULL,
	"inner_id" text NOT NULL,
	"management_number" text,
	"name" text NOT NULL,
	"english_name" text,
	"belongs_type" text,
	"belongs_name" text,
	"department" text,
	"class_code" text NOT NULL,
	"kind" text,
	"source" text,
	"customs_supervised" boolean DEFAULT false NOT NULL,
	"worth_fen" bigint,
	"nation" text,
	"manufacturer" text,
	"accounted_on" date,
	"nature" text,
	"model" text,
	"technical" text,
	"functions" text,
	"disciplines" text[] DEFAULT '{}' NOT NULL,
	"funds" text[] DEFAULT '{}' NOT NULL,
	"service_content" text,
	"image" text,
	"running_hours" double precision,
	"external_hours" double precision,
	"user_notice" text,
	"fee_text" text,
	"service_url" text,
	"address" text DEFAULT '' NOT NULL,
	"contact_name" text,
	"contact_phone" text,
	"contact_email" text,
	"contact_address" text,
	"contact_postcode" text,
	"customs_declaration" text,
	"customs_item" text,
	"customs_released_on" date,
	"customs_name" text,
	"imported_at" timestamp with time zone NOT NULL,
	CONSTRAINT "instruments_number" UNIQUE("number"),
	CONSTRAINT "instruments_short_code" UNIQUE("short_code")
);
--> statement-breakpoint
CREATE TABLE "synonyms" (
	"term" text NOT NULL,
	"kind" text NOT NULL,
	"type" text NOT NULL,
	CONSTRAINT "synonyms_term_kind_pk" PRIMARY KEY("term","kind")
);
--> statement-breakpoint
CREATE TABLE "bills" (
	"id" uuid PRIMARY KEY DEFAULT new_id() NOT NULL,
	"number" text NOT NULL,
	"booking_id" uuid NOT NULL,
	"enterprise_id" uuid NOT NULL,
	"institution_id" uuid NOT NULL,
	"state" text NOT NULL,
	"amount_fen" bigint NOT NULL,
	"paid_fen" bigint DEFAULT 0 NOT NULL,
	"price" jsonb NOT NULL,
	"issued_at" timestamp with time zone NOT NULL,
	"transfer_reference" text,
	"transferred_on" date,
	CONSTRAINT "bills_number" UNIQUE("number"),
	CONSTRAINT "bills_booking" UNIQUE("booking_id"),
	CONSTRAINT "bills_paid_within_amount" CHECK ("bills"."paid_fen" >= 0 and "bills"."paid_fen" <= "bills"."amount_fen")
);
--> statement-breakpoint
CREATE TABLE "receipts" (
	"id" uuid PRIMARY KEY DEFAULT new_id() NOT NULL,
	"bill_id" uuid NOT NULL,
	"institution_id" uuid NOT NULL,
	"amount_fen" bigint NOT NULL,
	"reference" text NOT NULL,
	"received_on" date NOT NULL,
	"confirmed_by" uuid NOT NULL,
	"at" timestamp with time zone NOT NULL,
	CONSTRAINT "receipts_positive" CHECK ("receipts"."amount_fen" > 0)
);
--> statement-breakpoint
CREATE TABLE "tariffs" (
	"id" uuid PRIMARY KEY DEFAULT new_id() NOT NULL,
	"instrument_id" uuid NOT NULL,
	"tier" text NOT NULL,
	"effective_from" date NOT NULL,
	"effective_to" date,
	"material_fen_per_sample" bigint NOT NULL,
	"utilities_fen_per_hour" bigint NOT NULL,
	"labour_fen_per_hour" bigint NOT NULL,
	"minimum_minutes" integer NOT NULL,
	"basis" text,
	CONSTRAINT "tariffs_not_negative" CHECK ("tariffs"."material_fen_per_sample" >= 0 and "tariffs"."utilities_fen_per_hour" >= 0 and "tariffs"."labour_fen_per_hour" >= 0 and "tariffs"."minimum_minutes" >= 0)
);
--> statement-breakpoint
CREATE TABLE "log_in_codes" (
	"id" uuid PRIMARY KEY DEFAULT new_id() NOT NULL,
	"phone" text NOT NULL,
	"code_hash" text NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"created_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "memberships" (
	"id" uuid PRIMARY KEY DEFAULT new_id() NOT NULL,
	"user_id" uuid NOT NULL,
	"organisation_id" uuid NOT NULL,
	"role" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "organisations" (
	"id" uuid PRIMARY KEY DEFAULT new_id() NOT NULL,
	"uscc" text NOT NULL,
	"name" text NOT NULL,
	"kind" text NOT NULL,
	"institution_kind" text,
	"city_code" text,
	"city" text DEFAULT '' NOT NULL,
	"county" text,
	"address" text,
	"supervising_department" text,
	"latitude" double precision,
	"longitude" double precision,
	"legal_representative" text,
	"shareholders" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"size" text,
	"registry_number" text,
	"registry_valid_to" date,
	"bank_name" text,
	"bank_account" text,
	CONSTRAINT "organisations_uscc" UNIQUE("uscc")
);
--> statement-breakpoint
CREATE TABLE "users" (
	"id" uuid PRIMARY KEY DEFAULT new_id() NOT NULL,
	"person_id" text,
	"name" text NOT NULL,
	"phone" text NOT NULL,
	"email" text,
	"title" text,
	CONSTRAINT "users_person_id" UNIQUE("person_id"),
	CONSTRAINT "users_phone" UNIQUE("phone")
);
--> statement-breakpoint
CREATE TABLE "clock" (
	"one" integer PRIMARY KEY DEFAULT 1 NOT NULL,
	"offset_ms" bigint NOT NULL,
	CONSTRAINT "clock_is_one_row" CHECK ("clock"."one" = 1),
	CONSTRAINT "clock_never_behind" CHECK ("clock"."offset_ms" >= 0)
);
--> statement-breakpoint
CREATE TABLE "event_queue" (
	"event_id" uuid PRIMARY KEY NOT NULL,
	"seq" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "events" (
	"id" uuid PRIMARY KEY DEFAULT new_id() NOT NULL,
	"seq" bigint GENERATED ALWAYS AS IDENTITY (sequence name "events_seq_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"at" timestamp with time zone NOT NULL,
	"name" text NOT NULL,
	"actor_id" uuid,
	"subject_id" uuid NOT NULL,
	"booking_id" uuid,
	"detail" jsonb DEFAULT '{}'::jsonb NOT NULL
);
--> statement-breakpoint
CREATE TABLE "idempotency_keys" (
	"actor_id" text NOT NULL,
	"key" text NOT NULL,
	"endpoint" text NOT NULL,
	"content_hash" text NOT NULL,
	"status" integer NOT NULL,
	"body" text NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	CONSTRAINT "idempotency_keys_actor_id_key_pk" PRIMARY KEY("actor_id","key")
);
--> statement-breakpoint
CREATE TABLE "loaded_files" (
	"name" text PRIMARY KEY NOT NULL,
	"hash" text NOT NULL,
	"loaded_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "inbox_entries" (
	"id" uuid PRIMARY KEY DEFAULT new_id() NOT NULL,
	"user_id" uuid NOT NULL,
	"event_id" uuid NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"read" boolean DEFAULT false NOT NULL
);
--> statement-breakpoint
CREATE TABLE "messages" (
	"id" uuid PRIMARY KEY DEFAULT new_id() NOT NULL,
	"booking_id" uuid NOT NULL,
	"author_id" uuid NOT NULL,
	"organisation_id" uuid NOT NULL,
	"text" text NOT NULL,
	"at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "thread_reads" (
	"booking_id" uuid NOT NULL,
	"user_id" uuid NOT NULL,
	"read_at" timestamp with time zone NOT NULL,
	CONSTRAINT "thread_reads_booking_id_user_id_pk" PRIMARY KEY("booking_id","user_id")
);
--> statement-breakpoint
CREATE TABLE "acknowledgements" (
	"id" uuid PRIMARY KEY DEFAULT new_id() NOT NULL,
	"booking_id" uuid NOT NULL,
	"notice_id" uuid NOT NULL,
	"stage" text NOT NULL,
	"user_id" uuid NOT NULL,
	"organisation_id" uuid NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"hash" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "agreements" (
	"booking_id" uuid PRIMARY KEY NOT NULL,
	"notice_id" uuid NOT NULL,
	"matters" jsonb NOT NULL,
	"hash" text NOT NULL,
	"created_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "notices" (
	"id" uuid PRIMARY KEY DEFAULT new_id() NOT NULL,
	"service_mode" text NOT NULL,
	"version" integer NOT NULL,
	"title" text NOT NULL,
	"ownership" text NOT NULL,
	"clauses" jsonb NOT NULL,
	"matters" jsonb NOT NULL,
	"effective_from" date NOT NULL,
	"hash" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "bank_returns" (
	"id" uuid PRIMARY KEY DEFAULT new_id() NOT NULL,
	"payment_id" uuid NOT NULL,
	"returned_fen" bigint NOT NULL,
	"status" text NOT NULL,
	"bank_reference" text NOT NULL,
	"filename" text NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"row" integer NOT NULL,
	"raw" jsonb NOT NULL
);
--> statement-breakpoint
CREATE TABLE "batches" (
	"id" uuid PRIMARY KEY DEFAULT new_id() NOT NULL,
	"number" text NOT NULL,
	"programme_id" uuid NOT NULL,
	"state" text NOT NULL,
	"opened_at" timestamp with time zone NOT NULL,
	"opened_by" uuid,
	"public_from" date,
	"public_until" date,
	"approved_at" timestamp with time zone,
	"approved_by" uuid,
	"instructed_at" timestamp with time zone,
	"returned_at" timestamp with time zone,
	"reconciled_at" timestamp with time zone,
	CONSTRAINT "batches_number" UNIQUE("number")
);
--> statement-breakpoint
CREATE TABLE "claim_reviews" (
	"id" uuid PRIMARY KEY DEFAULT new_id() NOT NULL,
	"claim_id" uuid NOT NULL,
	"review" text NOT NULL,
	"decision" text NOT NULL,
	"user_id" uuid NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"note" text
);
--> statement-breakpoint
CREATE TABLE "claims" (
	"id" uuid PRIMARY KEY DEFAULT new_id() NOT NULL,
	"number" text NOT NULL,
	"booking_id" uuid NOT NULL,
	"programme_id" uuid NOT NULL,
	"enterprise_id" uuid NOT NULL,
	"institution_id" uuid NOT NULL,
	"payee_id" uuid NOT NULL,
	"state" text NOT NULL,
	"amount_fen" bigint NOT NULL,
	"batch_id" uuid,
	"created_by" uuid NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"submitted_at" timestamp with time zone,
	"return_reason" text,
	"return_note" text,
	CONSTRAINT "claims_number" UNIQUE("number"),
	CONSTRAINT "claims_positive" CHECK ("claims"."amount_fen" > 0)
);
--> statement-breakpoint
CREATE TABLE "payments" (
	"id" uuid PRIMARY KEY DEFAULT new_id() NOT NULL,
	"reference" text NOT NULL,
	"batch_id" uuid NOT NULL,
	"claim_id" uuid NOT NULL,
	"funder" text NOT NULL,
	"city_code" text,
	"payee_id" uuid NOT NULL,
	"instructed_fen" bigint NOT NULL,
	CONSTRAINT "payments_reference" UNIQUE("reference")
);
--> statement-breakpoint
CREATE TABLE "session_segments" (
	"session_id" uuid NOT NULL,
	"segment" text NOT NULL,
	"starts_at" timestamp with time zone NOT NULL,
	CONSTRAINT "session_segments_session_id_segment_pk" PRIMARY KEY("session_id","segment")
);
--> statement-breakpoint
CREATE TABLE "sessions" (
	"id" uuid PRIMARY KEY DEFAULT new_id() NOT NULL,
	"booking_id" uuid NOT NULL,
	"instrument_id" uuid NOT NULL,
	"started_by" uuid NOT NULL,
	"state" text NOT NULL,
	"starts_at" timestamp with time zone NOT NULL,
	"ends_at" timestamp with time zone,
	"preparation_minutes" integer DEFAULT 0 NOT NULL,
	"testing_minutes" integer DEFAULT 0 NOT NULL,
	"post_processing_minutes" integer DEFAULT 0 NOT NULL,
	"samples" integer DEFAULT 0 NOT NULL,
	"consumables" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"note" text,
	"handed_over_to" text,
	"pc_cleared" boolean,
	"samples_returned" boolean,
	"data_hash" text,
	"dispute_reason" text,
	"finished_at" timestamp with time zone,
	"agreed_at" timestamp with time zone,
	"agreed_by" uuid,
	"total_fen" bigint,
	"voucher_fen" bigint,
	CONSTRAINT "sessions_booking" UNIQUE("booking_id"),
	CONSTRAINT "sessions_state" CHECK ("sessions"."state" in ('running','finished','disputed','agreed')),
	CONSTRAINT "sessions_end_after_start" CHECK ("sessions"."ends_at" is null or "sessions"."starts_at" <= "sessions"."ends_at")
);
--> statement-breakpoint
CREATE TABLE "accounts" (
	"id" uuid PRIMARY KEY DEFAULT new_id() NOT NULL,
	"code" text NOT NULL,
	"kind" text NOT NULL,
	"organisation_id" uuid,
	"programme_id" uuid,
	"debits_posted" bigint DEFAULT 0 NOT NULL,
	"credits_posted" bigint DEFAULT 0 NOT NULL,
	"debits_pending" bigint DEFAULT 0 NOT NULL,
	CONSTRAINT "accounts_code" UNIQUE("code"),
	CONSTRAINT "accounts_pending_not_negative" CHECK ("accounts"."debits_pending" >= 0),
	CONSTRAINT "quota_never_negative" CHECK ("accounts"."kind" <> 'quota' or "accounts"."credits_posted" - "accounts"."debits_posted" - "accounts"."debits_pending" >= 0),
	CONSTRAINT "programme_never_negative" CHECK ("accounts"."kind" <> 'programme' or "accounts"."credits_posted" - "accounts"."debits_posted" - "accounts"."debits_pending" >= 0),
	CONSTRAINT "accounts_never_negative" CHECK ("accounts"."kind" in ('treasury', 'quota', 'programme') or "accounts"."credits_posted" - "accounts"."debits_posted" - "accounts"."debits_pending" >= 0)
);
--> statement-breakpoint
CREATE TABLE "programmes" (
	"id" uuid PRIMARY KEY DEFAULT new_id() NOT NULL,
	"code" text NOT NULL,
	"name" text NOT NULL,
	"year" integer NOT NULL,
	"mode" text NOT NULL,
	"state" text NOT NULL,
	"ratio_permille" integer NOT NULL,
	"booking_cap_fen" bigint,
	"enterprise_cap_fen" bigint NOT NULL,
	"province_permille" integer NOT NULL,
	"publicity_days" integer NOT NULL,
	"service_modes" text[] NOT NULL,
	"reviews" text[] NOT NULL,
	"valid_from" date NOT NULL,
	"valid_to" date NOT NULL,
	CONSTRAINT "programmes_code" UNIQUE("code")
);
--> statement-breakpoint
CREATE TABLE "quotas" (
	"id" uuid PRIMARY KEY DEFAULT new_id() NOT NULL,
	"programme_id" uuid NOT NULL,
	"enterprise_id" uuid NOT NULL,
	"account_id" uuid NOT NULL
);
--> statement-breakpoint
CREATE TABLE "transfers" (
	"id" uuid PRIMARY KEY DEFAULT new_id() NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"kind" text NOT NULL,
	"debit_account_id" uuid NOT NULL,
	"credit_account_id" uuid NOT NULL,
	"amount_fen" bigint NOT NULL,
	"pending" boolean DEFAULT false NOT NULL,
	"resolves_id" uuid,
	"reason" text,
	"booking_id" uuid,
	"claim_id" uuid,
	"payment_id" uuid,
	"actor_id" uuid,
	CONSTRAINT "transfers_resolve_once" UNIQUE("resolves_id"),
	CONSTRAINT "transfers_positive" CHECK ("transfers"."amount_fen" > 0),
	CONSTRAINT "transfers_two_accounts" CHECK ("transfers"."debit_account_id" <> "transfers"."credit_account_id")
);
--> statement-breakpoint
ALTER TABLE "bookings" ADD CONSTRAINT "bookings_instrument_id_instruments_id_fk" FOREIGN KEY ("instrument_id") REFERENCES "public"."instruments"("id") ON DELETE restrict ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "bookings" ADD CONSTRAINT "bookings_institution_id_organisations_id_fk" FOREIGN KEY ("institution_id") REFERENCES "public"."organisations"("id") ON DELETE restrict ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "bookings" ADD CONSTRAINT "bookings_enterprise_id_organisations_id_fk" FOREIGN KEY ("enterprise_id") REFERENCES "public"."organisations"("id") ON DELETE restrict ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "bookings" ADD CONSTRAINT "bookings_requester_id_users_id_fk" FOREIGN KEY ("requester_id") REFERENCES "public"."users"("id") ON DELETE restrict ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "bookings" ADD CONSTRAINT "bookings_confirmed_by_users_id_fk" FOREIGN KEY ("confirmed_by") REFERENCES "public"."users"("id") ON DELETE restrict ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "bookings" ADD CONSTRAINT "bookings_tariff_id_tariffs_id_fk" FOREIGN KEY ("tariff_id") REFERENCES "public"."tariffs"("id") ON DELETE restrict ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "bookings" ADD CONSTRAINT "bookings_programme_id_programmes_id_fk" FOREIGN KEY ("programme_id") REFERENCES "public"."programmes"("id") ON DELETE restrict ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "bookings" ADD CONSTRAINT "bookings_earmark_id_transfers_id_fk" FOREIGN KEY ("earmark_id") REFERENCES "public"."transfers"("id") ON DELETE restrict ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "open_hours" ADD CONSTRAINT "open_hours_instrument_id_instruments_id_fk" FOREIGN KEY ("instrument_id") REFERENCES "public"."instruments"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "outages" ADD CONSTRAINT "outages_instrument_id_instruments_id_fk" FOREIGN KEY ("instrument_id") REFERENCES "public"."instruments"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "outages" ADD CONSTRAINT "outages_declared_by_users_id_fk" FOREIGN KEY ("declared_by") REFERENCES "public"."users"("id") ON DELETE restrict ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "instrument_search" ADD CONSTRAINT "instrument_search_instrument_id_instruments_id_fk" FOREIGN KEY ("instrument_id") REFERENCES "public"."instruments"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "instrument_technicians" ADD CONSTRAINT "instrument_technicians_instrument_id_instruments_id_fk" FOREIGN KEY ("instrument_id") REFERENCES "public"."instruments"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "instrument_technicians" ADD CONSTRAINT "instrument_technicians_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "instruments" ADD CONSTRAINT "instruments_institution_id_organisations_id_fk" FOREIGN KEY ("institution_id") REFERENCES "public"."organisations"("id") ON DELETE restrict ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "instruments" ADD CONSTRAINT "instruments_kind_instrument_kinds_kind_fk" FOREIGN KEY ("kind") REFERENCES "public"."instrument_kinds"("kind") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "synonyms" ADD CONSTRAINT "synonyms_kind_instrument_kinds_kind_fk" FOREIGN KEY ("kind") REFERENCES "public"."instrument_kinds"("kind") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "bills" ADD CONSTRAINT "bills_enterprise_id_organisations_id_fk" FOREIGN KEY ("enterprise_id") REFERENCES "public"."organisations"("id") ON DELETE restrict ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "bills" ADD CONSTRAINT "bills_institution_id_organisations_id_fk" FOREIGN KEY ("institution_id") REFERENCES "public"."organisations"("id") ON DELETE restrict ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "receipts" ADD CONSTRAINT "receipts_bill_id_bills_id_fk" FOREIGN KEY ("bill_id") REFERENCES "public"."bills"("id") ON DELETE restrict ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "receipts" ADD CONSTRAINT "receipts_institution_id_organisations_id_fk" FOREIGN KEY ("institution_id") REFERENCES "public"."organisations"("id") ON DELETE restrict ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "receipts" ADD CONSTRAINT "receipts_confirmed_by_users_id_fk" FOREIGN KEY ("confirmed_by") REFERENCES "public"."users"("id") ON DELETE restrict ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "tariffs" ADD CONSTRAINT "tariffs_instrument_id_instruments_id_fk" FOREIGN KEY ("instrument_id") REFERENCES "public"."instruments"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "memberships" ADD CONSTRAINT "memberships_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "memberships" ADD CONSTRAINT "memberships_organisation_id_organisations_id_fk" FOREIGN KEY ("organisation_id") REFERENCES "public"."organisations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "event_queue" ADD CONSTRAINT "event_queue_event_id_events_id_fk" FOREIGN KEY ("event_id") REFERENCES "public"."events"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "inbox_entries" ADD CONSTRAINT "inbox_entries_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "inbox_entries" ADD CONSTRAINT "inbox_entries_event_id_events_id_fk" FOREIGN KEY ("event_id") REFERENCES "public"."events"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "messages" ADD CONSTRAINT "messages_booking_id_bookings_id_fk" FOREIGN KEY ("booking_id") REFERENCES "public"."bookings"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "messages" ADD CONSTRAINT "messages_author_id_users_id_fk" FOREIGN KEY ("author_id") REFERENCES "public"."users"("id") ON DELETE restrict ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "messages" ADD CONSTRAINT "messages_organisation_id_organisations_id_fk" FOREIGN KEY ("organisation_id") REFERENCES "public"."organisations"("id") ON DELETE restrict ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "thread_reads" ADD CONSTRAINT "thread_reads_booking_id_bookings_id_fk" FOREIGN KEY ("booking_id") REFERENCES "public"."bookings"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "thread_reads" ADD CONSTRAINT "thread_reads_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "acknowledgements" ADD CONSTRAINT "acknowledgements_notice_id_notices_id_fk" FOREIGN KEY ("notice_id") REFERENCES "public"."notices"("id") ON DELETE restrict ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "acknowledgements" ADD CONSTRAINT "acknowledgements_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE restrict ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "acknowledgements" ADD CONSTRAINT "acknowledgements_organisation_id_organisations_id_fk" FOREIGN KEY ("organisation_id") REFERENCES "public"."organisations"("id") ON DELETE restrict ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "agreements" ADD CONSTRAINT "agreements_notice_id_notices_id_fk" FOREIGN KEY ("notice_id") REFERENCES "public"."notices"("id") ON DELETE restrict ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "bank_returns" ADD CONSTRAINT "bank_returns_payment_id_payments_id_fk" FOREIGN KEY ("payment_id") REFERENCES "public"."payments"("id") ON DELETE restrict ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "batches" ADD CONSTRAINT "batches_programme_id_programmes_id_fk" FOREIGN KEY ("programme_id") REFERENCES "public"."programmes"("id") ON DELETE restrict ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "batches" ADD CONSTRAINT "batches_opened_by_users_id_fk" FOREIGN KEY ("opened_by") REFERENCES "public"."users"("id") ON DELETE restrict ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "batches" ADD CONSTRAINT "batches_approved_by_users_id_fk" FOREIGN KEY ("approved_by") REFERENCES "public"."users"("id") ON DELETE restrict ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "claim_reviews" ADD CONSTRAINT "claim_reviews_claim_id_claims_id_fk" FOREIGN KEY ("claim_id") REFERENCES "public"."claims"("id") ON DELETE restrict ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "claim_reviews" ADD CONSTRAINT "claim_reviews_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE restrict ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "claims" ADD CONSTRAINT "claims_booking_id_bookings_id_fk" FOREIGN KEY ("booking_id") REFERENCES "public"."bookings"("id") ON DELETE restrict ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "claims" ADD CONSTRAINT "claims_programme_id_programmes_id_fk" FOREIGN KEY ("programme_id") REFERENCES "public"."programmes"("id") ON DELETE restrict ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "claims" ADD CONSTRAINT "claims_enterprise_id_organisations_id_fk" FOREIGN KEY ("enterprise_id") REFERENCES "public"."organisations"("id") ON DELETE restrict ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "claims" ADD CONSTRAINT "claims_institution_id_organisations_id_fk" FOREIGN KEY ("institution_id") REFERENCES "public"."organisations"("id") ON DELETE restrict ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "claims" ADD CONSTRAINT "claims_payee_id_organisations_id_fk" FOREIGN KEY ("payee_id") REFERENCES "public"."organisations"("id") ON DELETE restrict ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "claims" ADD CONSTRAINT "claims_batch_id_batches_id_fk" FOREIGN KEY ("batch_id") REFERENCES "public"."batches"("id") ON DELETE restrict ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "claims" ADD CONSTRAINT "claims_created_by_users_id_fk" FOREIGN KEY ("created_by") REFERENCES "public"."users"("id") ON DELETE restrict ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "payments" ADD CONSTRAINT "payments_batch_id_batches_id_fk" FOREIGN KEY ("batch_id") REFERENCES "public"."batches"("id") ON DELETE restrict ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "payments" ADD CONSTRAINT "payments_claim_id_claims_id_fk" FOREIGN KEY ("claim_id") REFERENCES "public"."claims"("id") ON DELETE restrict ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "payments" ADD CONSTRAINT "payments_payee_id_organisations_id_fk" FOREIGN KEY ("payee_id") REFERENCES "public"."organisations"("id") ON DELETE restrict ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "session_segments" ADD CONSTRAINT "session_segments_session_id_sessions_id_fk" FOREIGN KEY ("session_id") REFERENCES "public"."sessions"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "sessions" ADD CONSTRAINT "sessions_booking_id_bookings_id_fk" FOREIGN KEY ("booking_id") REFERENCES "public"."bookings"("id") ON DELETE restrict ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "sessions" ADD CONSTRAINT "sessions_instrument_id_instruments_id_fk" FOREIGN KEY ("instrument_id") REFERENCES "public"."instruments"("id") ON DELETE restrict ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "sessions" ADD CONSTRAINT "sessions_started_by_users_id_fk" FOREIGN KEY ("started_by") REFERENCES "public"."users"("id") ON DELETE restrict ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "sessions" ADD CONSTRAINT "sessions_agreed_by_users_id_fk" FOREIGN KEY ("agreed_by") REFERENCES "public"."users"("id") ON DELETE restrict ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "accounts" ADD CONSTRAINT "accounts_organisation_id_organisations_id_fk" FOREIGN KEY ("organisation_id") REFERENCES "public"."organisations"("id") ON DELETE restrict ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "accounts" ADD CONSTRAINT "accounts_programme_id_programmes_id_fk" FOREIGN KEY ("programme_id") REFERENCES "public"."programmes"("id") ON DELETE restrict ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "quotas" ADD CONSTRAINT "quotas_programme_id_programmes_id_fk" FOREIGN KEY ("programme_id") REFERENCES "public"."programmes"("id") ON DELETE restrict ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "quotas" ADD CONSTRAINT "quotas_enterprise_id_organisations_id_fk" FOREIGN KEY ("enterprise_id") REFERENCES "public"."organisations"("id") ON DELETE restrict ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "quotas" ADD CONSTRAINT "quotas_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("id") ON DELETE restrict ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "transfers" ADD CONSTRAINT "transfers_debit_account_id_accounts_id_fk" FOREIGN KEY ("debit_account_id") REFERENCES "public"."accounts"("id") ON DELETE restrict ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "transfers" ADD CONSTRAINT "transfers_credit_account_id_accounts_id_fk" FOREIGN KEY ("credit_account_id") REFERENCES "public"."accounts"("id") ON DELETE restrict ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "bookings_enterprise" ON "bookings" USING btree ("enterprise_id","starts_at");--> statement-breakpoint
CREATE INDEX "bookings_instrument" ON "bookings" USING btree ("instrument_id","starts_at");--> statement-breakpoint
CREATE INDEX "outages_instrument" ON "outages" USING btree ("instrument_id");--> statement-breakpoint
CREATE INDEX "instrument_search_words" ON "instrument_search" USING gin ("words") WITH (fastupdate=false);--> statement-breakpoint
CREATE INDEX "instrument_technicians_user" ON "instrument_technicians" USING btree ("user_id");--> statement-breakpoint
CREATE UNIQUE INDEX "instruments_inner_id" ON "instruments" USING btree ("institution_id","inner_id");--> statement-breakpoint
CREATE INDEX "instruments_class" ON "instruments" USING btree ("class_code");--> statement-breakpoint
CREATE INDEX "instruments_kind" ON "instruments" USING btree ("kind");--> statement-breakpoint
CREATE INDEX "bills_enterprise" ON "bills" USING btree ("enterprise_id","id");--> statement-breakpoint
CREATE INDEX "bills_institution" ON "bills" USING btree ("institution_id","id");--> statement-breakpoint
CREATE UNIQUE INDEX "receipts_reference" ON "receipts" USING btree ("institution_id","reference");--> statement-breakpoint
CREATE INDEX "receipts_bill" ON "receipts" USING btree ("bill_id");--> statement-breakpoint
CREATE INDEX "log_in_codes_phone" ON "log_in_codes" USING btree ("phone","created_at");--> statement-breakpoint
CREATE UNIQUE INDEX "memberships_once" ON "memberships" USING btree ("user_id","organisation_id","role");--> statement-breakpoint
CREATE INDEX "memberships_organisation" ON "memberships" USING btree ("organisation_id","role");--> statement-breakpoint
CREATE INDEX "events_booking" ON "events" USING btree ("booking_id","seq");--> statement-breakpoint
CREATE INDEX "events_subject" ON "events" USING btree ("subject_id","seq");--> statement-breakpoint
CREATE INDEX "idempotency_keys_created" ON "idempotency_keys" USING btree ("created_at");--> statement-breakpoint
CREATE UNIQUE INDEX "inbox_entries_once" ON "inbox_entries" USING btree ("user_id","event_id");--> statement-breakpoint
CREATE INDEX "inbox_entries_user" ON "inbox_entries" USING btree ("user_id","at");--> statement-breakpoint
CREATE INDEX "messages_booking" ON "messages" USING btree ("booking_id","id");--> statement-breakpoint
CREATE UNIQUE INDEX "acknowledgements_once" ON "acknowledgements" USING btree ("booking_id","stage");--> statement-breakpoint
CREATE UNIQUE INDEX "notices_version" ON "notices" USING btree ("service_mode","version");--> statement-breakpoint
CREATE UNIQUE INDEX "bank_returns_once" ON "bank_returns" USING btree ("payment_id","bank_reference");--> statement-breakpoint
CREATE INDEX "claim_reviews_claim" ON "claim_reviews" USING btree ("claim_id");--> statement-breakpoint
CREATE UNIQUE INDEX "claims_once" ON "claims" USING btree ("booking_id") WHERE "claims"."state" not in ('withdrawn', 'rejected');--> statement-breakpoint
CREATE INDEX "claims_state" ON "claims" USING btree ("state","id");--> statement-breakpoint
CREATE INDEX "claims_batch" ON "claims" USING btree ("batch_id");--> statement-breakpoint
CREATE UNIQUE INDEX "payments_once" ON "payments" USING btree ("claim_id","funder");--> statement-breakpoint
CREATE INDEX "payments_batch" ON "payments" USING btree ("batch_id");--> statement-breakpoint
CREATE INDEX "sessions_unanswered" ON "sessions" USING btree ("finished_at") WHERE "sessions"."state" = 'finished';--> statement-breakpoint
CREATE UNIQUE INDEX "quotas_once" ON "quotas" USING btree ("programme_id","enterprise_id");--> statement-breakpoint
CREATE INDEX "quotas_enterprise" ON "quotas" USING btree ("enterprise_id");--> statement-breakpoint
CREATE INDEX "transfers_debit" ON "transfers" USING btree ("debit_account_id","id");--> statement-breakpoint
CREATE INDEX "transfers_credit" ON "transfers" USING btree ("credit_account_id","id");--> statement-breakpoint
CREATE INDEX "transfers_booking" ON "transfers" USING btree ("booking_id");--> statement-breakpoint
CREATE INDEX "transfers_payment" ON "transfers" USING btree ("payment_id");