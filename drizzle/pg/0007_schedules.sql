CREATE TABLE "schedule_occurrences" (
	"schedule_key" text NOT NULL,
	"due_at" bigint NOT NULL,
	"outcome" text NOT NULL,
	"at" bigint NOT NULL,
	"run_id" text,
	"times" bigint,
	"because" text,
	CONSTRAINT "schedule_occurrences_schedule_key_due_at_pk" PRIMARY KEY("schedule_key","due_at")
);
--> statement-breakpoint
CREATE TABLE "schedules" (
	"key" text PRIMARY KEY NOT NULL,
	"job_key" text NOT NULL,
	"cron" text NOT NULL,
	"timezone" text NOT NULL,
	"chat" text NOT NULL,
	"params" json NOT NULL,
	"decide_by_ms" bigint,
	"overlap" text NOT NULL,
	"escalate" json,
	"source" text NOT NULL,
	"version" bigint NOT NULL,
	"next_at" bigint,
	"waiting_for" bigint,
	"paused_by" text,
	"paused_at" bigint,
	"retired_at" bigint
);
--> statement-breakpoint
CREATE INDEX "schedule_occurrences_newest" ON "schedule_occurrences" USING btree ("schedule_key","at");--> statement-breakpoint
CREATE INDEX "schedules_due" ON "schedules" USING btree ("next_at") WHERE next_at is not null;--> statement-breakpoint
CREATE INDEX "schedules_waiting" ON "schedules" USING btree ("waiting_for") WHERE waiting_for is not null;--> statement-breakpoint
CREATE INDEX "runs_scheduled" ON "runs" USING btree ("requester_id") WHERE ended_at is null and substr(requester_id, 1, 9) = 'schedule:';