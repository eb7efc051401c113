CREATE TABLE `dispatch_repeats` (
	`run_id` text NOT NULL,
	`epoch` integer NOT NULL,
	`attempt` integer NOT NULL,
	`times` integer NOT NULL,
	`last_at` integer NOT NULL,
	PRIMARY KEY(`run_id`, `epoch`, `attempt`)
);
--> statement-breakpoint
CREATE INDEX `dispatch_repeats_by_time` ON `dispatch_repeats` (`last_at`);--> statement-breakpoint
CREATE TABLE `gates` (
	`name` text PRIMARY KEY NOT NULL,
	`open` integer NOT NULL,
	`value` integer,
	`changed_by` text NOT NULL,
	`changed_at` integer NOT NULL,
	`recorded` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `job_dead_letter` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`run_id` text NOT NULL,
	`job_key` text NOT NULL,
	`epoch` integer NOT NULL,
	`attempt` integer NOT NULL,
	`error` text NOT NULL,
	`state` text NOT NULL,
	`at` integer NOT NULL,
	`closed_at` integer,
	`closed_by` text,
	`reason` text
);
--> statement-breakpoint
CREATE UNIQUE INDEX `job_dead_letter_once` ON `job_dead_letter` (`run_id`,`epoch`);--> statement-breakpoint
CREATE INDEX `job_dead_letter_open` ON `job_dead_letter` (`id`) WHERE state = 'open';--> statement-breakpoint
CREATE TABLE `queue_pauses` (
	`what` text PRIMARY KEY NOT NULL,
	`paused_by` text NOT NULL,
	`at` integer NOT NULL,
	`reason` text
);
--> statement-breakpoint
ALTER TABLE `queue_heartbeat` ADD `every_ms` integer DEFAULT 5000 NOT NULL;--> statement-breakpoint
ALTER TABLE `queue_heartbeat` ADD `silent_ms` integer DEFAULT 30000 NOT NULL;--> statement-breakpoint
ALTER TABLE `queue_heartbeat` ADD `registered_at` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE `queue_heartbeat` ADD `silent_at` integer;
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
    CASE WHEN cast(unixepoch('subsec') * 1000 AS integer) - beat_at > silent_ms THEN 'silent'
      WHEN cast(unixepoch('subsec') * 1000 AS integer) - beat_at > 3 * every_ms THEN 'late'
      ELSE 'fresh' END AS hint
  FROM queue_heartbeat;
--> statement-breakpoint
-- The moment at which an installation gets its gates: what it needs to work is open, and everything that comes later
-- arrives closed. The record of it is written by the next start, which can continue the chain.
INSERT INTO gates (name, open, changed_by, changed_at, recorded) VALUES
  ('queue.job_substrate.enabled', 1, 'system:install', cast(unixepoch('subsec') * 1000 AS integer), 0),
  ('queue.retry.enabled', 1, 'system:install', cast(unixepoch('subsec') * 1000 AS integer), 0),
  ('queue.lease_reaper.enabled', 1, 'system:install', cast(unixepoch('subsec') * 1000 AS integer), 0);
