CREATE TABLE `seal_heads` (
	`chain` text NOT NULL,
	`seq` integer NOT NULL,
	`hash` text NOT NULL,
	`seal` integer NOT NULL,
	PRIMARY KEY(`chain`, `seq`)
);
--> statement-breakpoint
CREATE INDEX `seal_heads_by_seal` ON `seal_heads` (`seal`);--> statement-breakpoint
CREATE TABLE `seals` (
	`number` integer PRIMARY KEY NOT NULL,
	`at` integer NOT NULL,
	`previous` text NOT NULL,
	`events` integer NOT NULL,
	`heads` text NOT NULL,
	`key` text NOT NULL,
	`hash` text NOT NULL,
	`signature` text NOT NULL
);
--> statement-breakpoint
ALTER TABLE `runs` ADD `sealed_seq` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
CREATE INDEX `runs_unsealed` ON `runs` (`id`) WHERE version > sealed_seq;--> statement-breakpoint
ALTER TABLE `system_chain` ADD `sealed_seq` integer DEFAULT 0 NOT NULL;
--> statement-breakpoint
CREATE TRIGGER seals_refuse_update BEFORE UPDATE ON seals
BEGIN
  SELECT raise(ABORT, 'seals are append-only');
END;
--> statement-breakpoint
CREATE TRIGGER seals_refuse_delete BEFORE DELETE ON seals
BEGIN
  SELECT raise(ABORT, 'seals are append-only');
END;
--> statement-breakpoint
CREATE TRIGGER seal_heads_refuse_update BEFORE UPDATE ON seal_heads
BEGIN
  SELECT raise(ABORT, 'seal heads are append-only');
END;
--> statement-breakpoint
CREATE TRIGGER seal_heads_refuse_delete BEFORE DELETE ON seal_heads
BEGIN
  SELECT raise(ABORT, 'seal heads are append-only');
END;
--> statement-breakpoint
-- INSERT OR REPLACE deletes what it replaces without asking the triggers for DELETE.
CREATE TRIGGER events_refuse_replace BEFORE INSERT ON events
WHEN EXISTS (SELECT 1 FROM events WHERE chain = new.chain AND seq = new.seq)
BEGIN
  SELECT raise(ABORT, 'events are append-only');
END;
--> statement-breakpoint
CREATE TRIGGER seals_refuse_replace BEFORE INSERT ON seals
WHEN EXISTS (SELECT 1 FROM seals WHERE number = new.number)
BEGIN
  SELECT raise(ABORT, 'seals are append-only');
END;
--> statement-breakpoint
CREATE TRIGGER seal_heads_refuse_replace BEFORE INSERT ON seal_heads
WHEN EXISTS (SELECT 1 FROM seal_heads WHERE chain = new.chain AND seq = new.seq)
BEGIN
  SELECT raise(ABORT, 'seal heads are append-only');
END;
