CREATE TABLE "erasures" (
	"user_id" uuid PRIMARY KEY NOT NULL,
	"erased_at" timestamp with time zone NOT NULL,
	"done" jsonb NOT NULL,
	"copied_at" timestamp with time zone
);
