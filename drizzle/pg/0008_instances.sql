CREATE TABLE "named_leases" (
	"name" text PRIMARY KEY NOT NULL,
	"holder" text NOT NULL,
	"place" text NOT NULL,
	"fence" bigint NOT NULL,
	"since" bigint NOT NULL,
	"until" bigint NOT NULL
);
--> statement-breakpoint
ALTER TABLE "inbox" ADD COLUMN "owner" text;