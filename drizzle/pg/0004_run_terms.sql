CREATE TABLE "run_terms" (
	"run_id" text PRIMARY KEY NOT NULL,
	"terms" json NOT NULL
);
--> statement-breakpoint
ALTER TABLE "events" ALTER COLUMN "payload" SET DATA TYPE json;--> statement-breakpoint
ALTER TABLE "inbox" ALTER COLUMN "body" SET DATA TYPE json;--> statement-breakpoint
ALTER TABLE "job_versions" ALTER COLUMN "spec" SET DATA TYPE json;--> statement-breakpoint
ALTER TABLE "outbox" ALTER COLUMN "draft" SET DATA TYPE json;--> statement-breakpoint
ALTER TABLE "people" ALTER COLUMN "roles" SET DATA TYPE json;--> statement-breakpoint
ALTER TABLE "runs" ALTER COLUMN "state" SET DATA TYPE json;