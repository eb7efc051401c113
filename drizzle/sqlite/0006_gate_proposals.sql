CREATE TABLE `gate_proposals` (
	`name` text PRIMARY KEY NOT NULL,
	`value` integer NOT NULL,
	`person_id` text NOT NULL,
	`proposed_by` text NOT NULL,
	`at` integer NOT NULL
);
