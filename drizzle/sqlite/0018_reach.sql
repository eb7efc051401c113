CREATE TABLE `consents` (
	`identity` text PRIMARY KEY NOT NULL,
	`state` text NOT NULL,
	`words` text NOT NULL,
	`at` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `mutes` (
	`person_id` text NOT NULL,
	`notice` text NOT NULL,
	`at` integer NOT NULL,
	PRIMARY KEY(`person_id`, `notice`)
);
--> statement-breakpoint
CREATE TABLE `receipts` (
	`channel` text NOT NULL,
	`message_id` text NOT NULL,
	`address` text NOT NULL,
	`state` text NOT NULL,
	`rank` integer NOT NULL,
	`error` text,
	`at` integer NOT NULL,
	PRIMARY KEY(`channel`, `message_id`)
);
--> statement-breakpoint
ALTER TABLE `codes` ADD `misses` integer DEFAULT 0 NOT NULL;