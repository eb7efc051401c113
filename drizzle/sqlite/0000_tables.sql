CREATE TABLE `addresses` (
	`address` text PRIMARY KEY NOT NULL,
	`moved_to` text,
	`suspended_because` text,
	`at` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `cards` (
	`run_id` text NOT NULL,
	`address` text NOT NULL,
	`message_id` text NOT NULL,
	PRIMARY KEY(`run_id`, `address`)
);
--> statement-breakpoint
CREATE INDEX `cards_by_message` ON `cards` (`address`,`message_id`);--> statement-breakpoint
CREATE TABLE `codes` (
	`code_hash` text PRIMARY KEY NOT NULL,
	`purpose` text NOT NULL,
	`until` integer NOT NULL,
	`used_at` integer,
	`added_at` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `events` (
	`chain` text NOT NULL,
	`seq` integer NOT NULL,
	`type` text NOT NULL,
	`at` integer NOT NULL,
	`actor` text NOT NULL,
	`payload` text NOT NULL,
	`hash` text NOT NULL,
	PRIMARY KEY(`chain`, `seq`)
);
--> statement-breakpoint
CREATE TABLE `identities` (
	`identity` text PRIMARY KEY NOT NULL,
	`person_id` text NOT NULL,
	`position` integer NOT NULL,
	FOREIGN KEY (`person_id`) REFERENCES `people`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `identities_of_person` ON `identities` (`person_id`,`position`);--> statement-breakpoint
CREATE TABLE `inbox` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`channel` text NOT NULL,
	`account` text NOT NULL,
	`event_key` text NOT NULL,
	`lane` text NOT NULL,
	`state` text NOT NULL,
	`body` text,
	`attempts` integer NOT NULL,
	`next_at` integer NOT NULL,
	`received_at` integer NOT NULL,
	`closed_at` integer,
	`run_id` text,
	`error` text
);
--> statement-breakpoint
CREATE UNIQUE INDEX `inbox_once` ON `inbox` (`channel`,`account`,`event_key`);--> statement-breakpoint
CREATE INDEX `inbox_heads` ON `inbox` (`lane`,`id`) WHERE state = 'open';--> statement-breakpoint
CREATE INDEX `inbox_dead` ON `inbox` (`id`) WHERE state = 'dead';--> statement-breakpoint
CREATE TABLE `job_later` (
	`run_id` text PRIMARY KEY NOT NULL,
	`epoch` integer NOT NULL,
	`attempt` integer NOT NULL,
	`job_key` text NOT NULL,
	`priority` integer NOT NULL,
	`concurrency` integer NOT NULL,
	`not_before` integer NOT NULL,
	`fence` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `job_later_due` ON `job_later` (`not_before`);--> statement-breakpoint
CREATE TABLE `job_leases` (
	`run_id` text PRIMARY KEY NOT NULL,
	`epoch` integer NOT NULL,
	`attempt` integer NOT NULL,
	`job_key` text NOT NULL,
	`priority` integer NOT NULL,
	`concurrency` integer NOT NULL,
	`not_before` integer NOT NULL,
	`fence` integer NOT NULL,
	`seq` integer NOT NULL,
	`worker_id` text NOT NULL,
	`lease_until` integer NOT NULL,
	`beat_at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `job_leases_limited` ON `job_leases` (`job_key`) WHERE concurrency < 9007199254740991;--> statement-breakpoint
CREATE INDEX `job_leases_until` ON `job_leases` (`lease_until`);--> statement-breakpoint
CREATE TABLE `job_queue` (
	`seq` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`run_id` text NOT NULL,
	`epoch` integer NOT NULL,
	`attempt` integer NOT NULL,
	`job_key` text NOT NULL,
	`priority` integer NOT NULL,
	`concurrency` integer NOT NULL,
	`not_before` integer NOT NULL,
	`fence` integer NOT NULL,
	`rank` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `job_queue_run` ON `job_queue` (`run_id`);--> statement-breakpoint
CREATE INDEX `job_queue_free` ON `job_queue` (`rank`,`seq`) WHERE concurrency >= 9007199254740991;--> statement-breakpoint
CREATE INDEX `job_queue_limited` ON `job_queue` (`job_key`,`rank`,`seq`) WHERE concurrency < 9007199254740991;--> statement-breakpoint
CREATE TABLE `job_versions` (
	`key` text NOT NULL,
	`version` integer NOT NULL,
	`source` text NOT NULL,
	`spec` text NOT NULL,
	`created_at` integer NOT NULL,
	PRIMARY KEY(`key`, `version`)
);
--> statement-breakpoint
CREATE TABLE `jobs` (
	`key` text PRIMARY KEY NOT NULL,
	`version` integer NOT NULL,
	`source` text NOT NULL,
	`retired_at` integer
);
--> statement-breakpoint
CREATE TABLE `lane_pauses` (
	`address` text PRIMARY KEY NOT NULL,
	`until` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `outbox` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`key` text NOT NULL,
	`address` text NOT NULL,
	`channel` text NOT NULL,
	`run_id` text,
	`priority` integer NOT NULL,
	`kind` text NOT NULL,
	`draft` text NOT NULL,
	`state` text NOT NULL,
	`attempts` integer NOT NULL,
	`ambiguous` integer NOT NULL,
	`next_at` integer NOT NULL,
	`owner` text,
	`created_at` integer NOT NULL,
	`closed_at` integer,
	`message_id` text,
	`error` text
);
--> statement-breakpoint
CREATE UNIQUE INDEX `outbox_once` ON `outbox` (`key`,`address`);--> statement-breakpoint
CREATE INDEX `outbox_heads` ON `outbox` (`address`,`id`) WHERE state in ('open', 'sending');--> statement-breakpoint
CREATE INDEX `outbox_cards` ON `outbox` (`run_id`,`address`,`id`) WHERE state = 'open' and kind = 'card';--> statement-breakpoint
CREATE INDEX `outbox_oldest` ON `outbox` (`created_at`) WHERE state in ('open', 'sending');--> statement-breakpoint
CREATE INDEX `outbox_ambiguous` ON `outbox` (`id`) WHERE state in ('open', 'sending') and ambiguous > 0;--> statement-breakpoint
CREATE INDEX `outbox_dead` ON `outbox` (`id`) WHERE state = 'dead';--> statement-breakpoint
CREATE TABLE `outputs` (
	`run_id` text NOT NULL,
	`epoch` integer NOT NULL,
	`attempt` integer NOT NULL,
	`head` text NOT NULL,
	`tail` text NOT NULL,
	`bytes` integer NOT NULL,
	`at` integer NOT NULL,
	PRIMARY KEY(`run_id`, `epoch`, `attempt`)
);
--> statement-breakpoint
CREATE TABLE `people` (
	`id` text PRIMARY KEY NOT NULL,
	`name` text NOT NULL,
	`roles` text NOT NULL,
	`timezone` text,
	`source` text NOT NULL,
	`added_at` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `queue_heartbeat` (
	`name` text PRIMARY KEY NOT NULL,
	`kind` text NOT NULL,
	`slots` integer NOT NULL,
	`beat_at` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `runs` (
	`id` text PRIMARY KEY NOT NULL,
	`status` text NOT NULL,
	`job_key` text NOT NULL,
	`job_version` integer NOT NULL,
	`requester_id` text NOT NULL,
	`address` text NOT NULL,
	`version` integer NOT NULL,
	`head_hash` text NOT NULL,
	`state` text NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	`due_at` integer,
	`ended_at` integer,
	`failure` text
);
--> statement-breakpoint
CREATE INDEX `runs_by_time` ON `runs` (`created_at`,`id`);--> statement-breakpoint
CREATE INDEX `runs_by_job` ON `runs` (`job_key`,`created_at`);--> statement-breakpoint
CREATE INDEX `runs_by_requester` ON `runs` (`requester_id`,`created_at`);--> statement-breakpoint
CREATE INDEX `runs_by_address` ON `runs` (`address`,`created_at`);--> statement-breakpoint
CREATE INDEX `runs_live` ON `runs` (`status`,`created_at`) WHERE ended_at is null;--> statement-breakpoint
CREATE INDEX `runs_unhappy` ON `runs` (`status`,`created_at`) WHERE status in ('Failed', 'Denied', 'Canceled', 'Expired');--> statement-breakpoint
CREATE INDEX `runs_waiting` ON `runs` (`address`,`created_at`) WHERE status = 'AwaitingApproval';--> statement-breakpoint
CREATE INDEX `runs_due` ON `runs` (`due_at`) WHERE due_at is not null;--> statement-breakpoint
CREATE INDEX `runs_ended` ON `runs` (`ended_at`) WHERE ended_at is not null;--> statement-breakpoint
CREATE INDEX `runs_failed` ON `runs` (`ended_at`,`failure`) WHERE status = 'Failed';--> statement-breakpoint
CREATE TABLE `system_chain` (
	`name` text PRIMARY KEY NOT NULL,
	`seq` integer NOT NULL,
	`hash` text NOT NULL
);
