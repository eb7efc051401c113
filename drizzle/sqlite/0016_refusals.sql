CREATE TABLE `refusals` (
	`hour_at` integer NOT NULL,
	`kind` text NOT NULL,
	`reason` text NOT NULL,
	`times` integer NOT NULL,
	PRIMARY KEY(`hour_at`, `kind`, `reason`)
);
