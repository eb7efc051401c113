CREATE TABLE `incidents` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`kind` text NOT NULL,
	`name` text NOT NULL,
	`raised_at` integer NOT NULL,
	`cleared_at` integer
);
--> statement-breakpoint
CREATE UNIQUE INDEX `incidents_open` ON `incidents` (`kind`,`name`) WHERE cleared_at is null;--> statement-breakpoint
CREATE INDEX `incidents_by_time` ON `incidents` (`raised_at`);--> statement-breakpoint
CREATE TABLE `up_minutes` (
	`minute_at` integer PRIMARY KEY NOT NULL
);
