CREATE TABLE `never_acceptances` (
	`job_key` text NOT NULL,
	`person_id` text NOT NULL,
	`digest` text NOT NULL,
	`accepted_by` text NOT NULL,
	`at` integer NOT NULL,
	PRIMARY KEY(`job_key`, `person_id`)
);
