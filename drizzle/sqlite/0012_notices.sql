ALTER TABLE `runs` ADD `notice_at` integer;--> statement-breakpoint
CREATE INDEX `runs_notice` ON `runs` (`notice_at`) WHERE notice_at is not null;--> statement-breakpoint
ALTER TABLE `schedules` ADD `snoozed` integer;