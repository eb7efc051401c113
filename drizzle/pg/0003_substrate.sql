CREATE TABLE "dispatch_repeats" (
	"run_id" text NOT NULL,
	"epoch" bigint NOT NULL,
	"attempt" bigint NOT NULL,
	"times" bigint NOT NULL,
	"last_at" bigint NOT NULL,
	CONSTRAINT "dispatch_repeats_run_id_epoch_attempt_pk" PRIMARY KEY("run_id","epoch","attempt")
);
--> statement-breakpoint
CREATE TABLE "gates" (
	"name" text PRIMARY KEY NOT NULL,
	"open" bigint NOT NULL,
	"value" bigint,
	"changed_by" text NOT NULL,
	"changed_at" bigint NOT NULL,
	"recorded" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "job_dead_letter" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"run_id" text NOT NULL,
	"job_key" text NOT NULL,
	"epoch" bigint NOT NULL,
	"attempt" bigint NOT NULL,
	"error" text NOT NULL,
	"state" text NOT NULL,
	"at" bigint NOT NULL,
	"closed_at" bigint,
	"closed_by" text,
	"reason" text
);
--> statement-breakpoint
CREATE TABLE "queue_pauses" (
	"what" text PRIMARY KEY NOT NULL,
	"paused_by" text NOT NULL,
	"at" bigint NOT NULL,
	"reason" text
);
--> statement-breakpoint
ALTER TABLE "queue_heartbeat" ADD COLUMN "every_ms" bigint DEFAULT 5000 NOT NULL;--> statement-breakpoint
ALTER TABLE "queue_heartbeat" ADD COLUMN "silent_ms" bigint DEFAULT 30000 NOT NULL;--> statement-breakpoint
ALTER TABLE "queue_heartbeat" ADD COLUMN "registered_at" bigint DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "queue_heartbeat" ADD COLUMN "silent_at" bigint;--> statement-breakpoint
CREATE INDEX "dispatch_repeats_by_time" ON "dispatch_repeats" USING btree ("last_at");--> statement-breakpoint
CREATE UNIQUE INDEX "job_dead_letter_once" ON "job_dead_letter" USING btree ("run_id","epoch");--> statement-breakpoint
CREATE INDEX "job_dead_letter_open" ON "job_dead_letter" USING btree ("id") WHERE state = 'open';
--> statement-breakpoint
CREATE VIEW v_job_queue_dead_letter_open AS
  SELECT id, run_id, job_key, epoch, attempt, error, at FROM job_dead_letter WHERE state = 'open';
--> statement-breakpoint
CREATE VIEW v_dead_letter_all AS
  SELECT 'job' AS kind, id, run_id AS about, error, state, at, closed_at FROM job_dead_letter
  UNION ALL
  SELECT 'inbound' AS kind, id, lane AS about, error, state, received_at AS at, closed_at FROM inbox
    WHERE state IN ('dead', 'dropped')
  UNION ALL
  SELECT 'outbound' AS kind, id, address AS about, error, state, created_at AS at, closed_at FROM outbox
    WHERE state IN ('dead', 'dropped');
--> statement-breakpoint
CREATE VIEW v_queue_health AS
  SELECT name, kind, slots, beat_at, every_ms, silent_ms, silent_at,
    CASE WHEN (extract(epoch FROM clock_timestamp()) * 1000)::bigint - beat_at > silent_ms THEN 'silent'
      WHEN (extract(epoch FROM clock_timestamp()) * 1000)::bigint - beat_at > 3 * every_ms THEN 'late'
      ELSE 'fresh' END AS hint
  FROM queue_heartbeat;
--> statement-breakpoint
-- The moment at which an installation gets its gates: what it needs to work is open, and everything that comes later
-- arrives closed. The record of it is written by the next start, which can continue the chain.
INSERT INTO gates (name, open, changed_by, changed_at, recorded) VALUES
  ('queue.job_substrate.enabled', 1, 'system:install', (extract(epoch FROM clock_timestamp()) * 1000)::bigint, 0),
  ('queue.retry.enabled', 1, 'system:install', (extract(epoch FROM clock_timestamp()) * 1000)::bigint, 0),
  ('queue.lease_reaper.enabled', 1, 'system:install', (extract(epoch FROM clock_timestamp()) * 1000)::bigint, 0);
