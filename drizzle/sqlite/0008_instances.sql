CREATE TABLE `named_leases` (
	`name` text PRIMARY KEY NOT NULL,
	`holder` text NOT NULL,
	`place` text NOT NULL,
	`fence` integer NOT NULL,
	`since` integer NOT NULL,
	`until` integer NOT NULL
);
--> statement-breakpoint
ALTER TABLE `inbox` ADD `owner` text;