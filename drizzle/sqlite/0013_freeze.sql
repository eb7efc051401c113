CREATE TABLE `freezes` (
	`what` text PRIMARY KEY NOT NULL,
	`frozen_by` text NOT NULL,
	`at` integer NOT NULL,
	`reason` text NOT NULL
);
