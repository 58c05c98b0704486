ALTER TABLE "organisations" DROP COLUMN "bank_name";--> statement-breakpoint
ALTER TABLE "organisations" DROP COLUMN "bank_account";