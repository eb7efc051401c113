CREATE TABLE `installations` (
	`channel` text NOT NULL,
	`account` text NOT NULL,
	`sealed` text NOT NULL,
	`at` integer NOT NULL,
	PRIMARY KEY(`channel`, `account`)
);
