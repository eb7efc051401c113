ALTER TABLE "runs" ADD COLUMN "notice_at" bigint;--> statement-breakpoint
ALTER TABLE "schedules" ADD COLUMN "snoozed" bigint;--> statement-breakpoint
CREATE INDEX "runs_notice" ON "runs" USING btree ("notice_at") WHERE notice_at is not null;