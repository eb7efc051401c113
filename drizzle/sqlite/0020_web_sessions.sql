CREATE TABLE `web_sessions` (
	`id_hash` text PRIMARY KEY NOT NULL,
	`identity` text NOT NULL,
	`signed_in_at` integer NOT NULL,
	`until` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `web_sessions_by_end` ON `web_sessions` (`until`);