CREATE TABLE `schedule_occurrences` (
	`schedule_key` text NOT NULL,
	`due_at` integer NOT NULL,
	`outcome` text NOT NULL,
	`at` integer NOT NULL,
	`run_id` text,
	`times` integer,
	`because` text,
	PRIMARY KEY(`schedule_key`, `due_at`)
);
--> statement-breakpoint
CREATE INDEX `schedule_occurrences_newest` ON `schedule_occurrences` (`schedule_key`,`at`);--> statement-breakpoint
CREATE TABLE `schedules` (
	`key` text PRIMARY KEY NOT NULL,
	`job_key` text NOT NULL,
	`cron` text NOT NULL,
	`timezone` text NOT NULL,
	`chat` text NOT NULL,
	`params` text NOT NULL,
	`decide_by_ms` integer,
	`overlap` text NOT NULL,
	`escalate` text,
	`source` text NOT NULL,
	`version` integer NOT NULL,
	`next_at` integer,
	`waiting_for` integer,
	`paused_by` text,
	`paused_at` integer,
	`retired_at` integer
);
--> statement-breakpoint
CREATE INDEX `schedules_due` ON `schedules` (`next_at`) WHERE next_at is not null;--> statement-breakpoint
CREATE INDEX `schedules_waiting` ON `schedules` (`waiting_for`) WHERE waiting_for is not null;--> statement-breakpoint
CREATE INDEX `runs_scheduled` ON `runs` (`requester_id`) WHERE ended_at is null and substr(requester_id, 1, 9) = 'schedule:';