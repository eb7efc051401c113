CREATE TABLE `run_terms` (
	`run_id` text PRIMARY KEY NOT NULL,
	`terms` text NOT NULL
);
