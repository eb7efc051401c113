CREATE TABLE `repeats` (
	`channel` text NOT NULL,
	`account` text NOT NULL,
	`event_key` text NOT NULL,
	`times` integer NOT NULL,
	`last_at` integer NOT NULL,
	PRIMARY KEY(`channel`, `account`, `event_key`)
);
--> statement-breakpoint
CREATE INDEX `repeats_by_time` ON `repeats` (`last_at`);