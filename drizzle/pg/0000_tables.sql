CREATE TABLE "addresses" (
	"address" text PRIMARY KEY NOT NULL,
	"moved_to" text,
	"suspended_because" text,
	"at" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "cards" (
	"run_id" text NOT NULL,
	"address" text NOT NULL,
	"message_id" text NOT NULL,
	CONSTRAINT "cards_run_id_address_pk" PRIMARY KEY("run_id","address")
);
--> statement-breakpoint
CREATE TABLE "codes" (
	"code_hash" text PRIMARY KEY NOT NULL,
	"purpose" text NOT NULL,
	"until" bigint NOT NULL,
	"used_at" bigint,
	"added_at" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "events" (
	"chain" text NOT NULL,
	"seq" bigint NOT NULL,
	"type" text NOT NULL,
	"at" bigint NOT NULL,
	"actor" text NOT NULL,
	"payload" jsonb NOT NULL,
	"hash" text NOT NULL,
	CONSTRAINT "events_chain_seq_pk" PRIMARY KEY("chain","seq")
);
--> statement-breakpoint
CREATE TABLE "identities" (
	"identity" text PRIMARY KEY NOT NULL,
	"person_id" text NOT NULL,
	"position" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "inbox" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"channel" text NOT NULL,
	"account" text NOT NULL,
	"event_key" text NOT NULL,
	"lane" text NOT NULL,
	"state" text NOT NULL,
	"body" jsonb,
	"attempts" bigint NOT NULL,
	"next_at" bigint NOT NULL,
	"received_at" bigint NOT NULL,
	"closed_at" bigint,
	"run_id" text,
	"error" text
);
--> statement-breakpoint
CREATE TABLE "job_later" (
	"run_id" text NOT NULL,
	"epoch" bigint NOT NULL,
	"attempt" bigint NOT NULL,
	"job_key" text NOT NULL,
	"priority" bigint NOT NULL,
	"concurrency" bigint NOT NULL,
	"not_before" bigint NOT NULL,
	"fence" bigint NOT NULL,
	CONSTRAINT "job_later_run_id_pk" PRIMARY KEY("run_id")
);
--> statement-breakpoint
CREATE TABLE "job_leases" (
	"run_id" text NOT NULL,
	"epoch" bigint NOT NULL,
	"attempt" bigint NOT NULL,
	"job_key" text NOT NULL,
	"priority" bigint NOT NULL,
	"concurrency" bigint NOT NULL,
	"not_before" bigint NOT NULL,
	"fence" bigint NOT NULL,
	"seq" bigint NOT NULL,
	"worker_id" text NOT NULL,
	"lease_until" bigint NOT NULL,
	"beat_at" bigint NOT NULL,
	CONSTRAINT "job_leases_run_id_pk" PRIMARY KEY("run_id")
);
--> statement-breakpoint
CREATE TABLE "job_queue" (
	"seq" bigserial PRIMARY KEY NOT NULL,
	"run_id" text NOT NULL,
	"epoch" bigint NOT NULL,
	"attempt" bigint NOT NULL,
	"job_key" text NOT NULL,
	"priority" bigint NOT NULL,
	"concurrency" bigint NOT NULL,
	"not_before" bigint NOT NULL,
	"fence" bigint NOT NULL,
	"rank" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "job_versions" (
	"key" text NOT NULL,
	"version" bigint NOT NULL,
	"source" text NOT NULL,
	"spec" jsonb NOT NULL,
	"created_at" bigint NOT NULL,
	CONSTRAINT "job_versions_key_version_pk" PRIMARY KEY("key","version")
);
--> statement-breakpoint
CREATE TABLE "jobs" (
	"key" text PRIMARY KEY NOT NULL,
	"version" bigint NOT NULL,
	"source" text NOT NULL,
	"retired_at" bigint
);
--> statement-breakpoint
CREATE TABLE "lane_pauses" (
	"address" text PRIMARY KEY NOT NULL,
	"until" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "outbox" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"key" text NOT NULL,
	"address" text NOT NULL,
	"channel" text NOT NULL,
	"run_id" text,
	"priority" bigint NOT NULL,
	"kind" text NOT NULL,
	"draft" jsonb NOT NULL,
	"state" text NOT NULL,
	"attempts" bigint NOT NULL,
	"ambiguous" bigint NOT NULL,
	"next_at" bigint NOT NULL,
	"owner" text,
	"created_at" bigint NOT NULL,
	"closed_at" bigint,
	"message_id" text,
	"error" text
);
--> statement-breakpoint
CREATE TABLE "outputs" (
	"run_id" text NOT NULL,
	"epoch" bigint NOT NULL,
	"attempt" bigint NOT NULL,
	"head" text NOT NULL,
	"tail" text NOT NULL,
	"bytes" bigint NOT NULL,
	"at" bigint NOT NULL,
	CONSTRAINT "outputs_run_id_epoch_attempt_pk" PRIMARY KEY("run_id","epoch","attempt")
);
--> statement-breakpoint
CREATE TABLE "people" (
	"id" text PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"roles" jsonb NOT NULL,
	"timezone" text,
	"source" text NOT NULL,
	"added_at" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "queue_heartbeat" (
	"name" text PRIMARY KEY NOT NULL,
	"kind" text NOT NULL,
	"slots" bigint NOT NULL,
	"beat_at" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "runs" (
	"id" text PRIMARY KEY NOT NULL,
	"status" text NOT NULL,
	"job_key" text NOT NULL,
	"job_version" bigint NOT NULL,
	"requester_id" text NOT NULL,
	"address" text NOT NULL,
	"version" bigint NOT NULL,
	"head_hash" text NOT NULL,
	"state" jsonb NOT NULL,
	"created_at" bigint NOT NULL,
	"updated_at" bigint NOT NULL,
	"due_at" bigint,
	"ended_at" bigint,
	"failure" text
);
--> statement-breakpoint
CREATE TABLE "system_chain" (
	"name" text PRIMARY KEY NOT NULL,
	"seq" bigint NOT NULL,
	"hash" text NOT NULL
);
--> statement-breakpoint
ALTER TABLE "identities" ADD CONSTRAINT "identities_person_id_people_id_fk" FOREIGN KEY ("person_id") REFERENCES "public"."people"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "cards_by_message" ON "cards" USING btree ("address","message_id");--> statement-breakpoint
CREATE INDEX "identities_of_person" ON "identities" USING btree ("person_id","position");--> statement-breakpoint
CREATE UNIQUE INDEX "inbox_once" ON "inbox" USING btree ("channel","account","event_key");--> statement-breakpoint
CREATE INDEX "inbox_heads" ON "inbox" USING btree ("lane","id") WHERE state = 'open';--> statement-breakpoint
CREATE INDEX "inbox_dead" ON "inbox" USING btree ("id") WHERE state = 'dead';--> statement-breakpoint
CREATE INDEX "job_later_due" ON "job_later" USING btree ("not_before");--> statement-breakpoint
CREATE INDEX "job_leases_limited" ON "job_leases" USING btree ("job_key") WHERE concurrency < 9007199254740991;--> statement-breakpoint
CREATE INDEX "job_leases_until" ON "job_leases" USING btree ("lease_until");--> statement-breakpoint
CREATE UNIQUE INDEX "job_queue_run" ON "job_queue" USING btree ("run_id");--> statement-breakpoint
CREATE INDEX "job_queue_free" ON "job_queue" USING btree ("rank","seq") WHERE concurrency >= 9007199254740991;--> statement-breakpoint
CREATE INDEX "job_queue_limited" ON "job_queue" USING btree ("job_key","rank","seq") WHERE concurrency < 9007199254740991;--> statement-breakpoint
CREATE UNIQUE INDEX "outbox_once" ON "outbox" USING btree ("key","address");--> statement-breakpoint
CREATE INDEX "outbox_heads" ON "outbox" USING btree ("address","id") WHERE state in ('open', 'sending');--> statement-breakpoint
CREATE INDEX "outbox_cards" ON "outbox" USING btree ("run_id","address","id") WHERE state = 'open' and kind = 'card';--> statement-breakpoint
CREATE INDEX "outbox_oldest" ON "outbox" USING btree ("created_at") WHERE state in ('open', 'sending');--> statement-breakpoint
CREATE INDEX "outbox_ambiguous" ON "outbox" USING btree ("id") WHERE state in ('open', 'sending') and ambiguous > 0;--> statement-breakpoint
CREATE INDEX "outbox_dead" ON "outbox" USING btree ("id") WHERE state = 'dead';--> statement-breakpoint
CREATE INDEX "runs_by_time" ON "runs" USING btree ("created_at","id");--> statement-breakpoint
CREATE INDEX "runs_by_job" ON "runs" USING btree ("job_key","created_at");--> statement-breakpoint
CREATE INDEX "runs_by_requester" ON "runs" USING btree ("requester_id","created_at");--> statement-breakpoint
CREATE INDEX "runs_by_address" ON "runs" USING btree ("address","created_at");--> statement-breakpoint
CREATE INDEX "runs_live" ON "runs" USING btree ("status","created_at") WHERE ended_at is null;--> statement-breakpoint
CREATE INDEX "runs_unhappy" ON "runs" USING btree ("status","created_at") WHERE status in ('Failed', 'Denied', 'Canceled', 'Expired');--> statement-breakpoint
CREATE INDEX "runs_waiting" ON "runs" USING btree ("address","created_at") WHERE status = 'AwaitingApproval';--> statement-breakpoint
CREATE INDEX "runs_due" ON "runs" USING btree ("due_at") WHERE due_at is not null;--> statement-breakpoint
CREATE INDEX "runs_ended" ON "runs" USING btree ("ended_at") WHERE ended_at is not null;--> statement-breakpoint
CREATE INDEX "runs_failed" ON "runs" USING btree ("ended_at","failure") WHERE status = 'Failed';