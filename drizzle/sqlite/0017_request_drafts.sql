CREATE TABLE `request_drafts` (
	`id` text NOT NULL,
	`address` text NOT NULL,
	`person_id` text NOT NULL,
	`job_key` text NOT NULL,
	`job_version` integer NOT NULL,
	`answers` text NOT NULL,
	`asking` text NOT NULL,
	`message_keys` text NOT NULL,
	`read` text,
	`expires_at` integer NOT NULL,
	PRIMARY KEY(`address`, `person_id`)
);
--> statement-breakpoint
CREATE INDEX `request_drafts_by_time` ON `request_drafts` (`expires_at`);