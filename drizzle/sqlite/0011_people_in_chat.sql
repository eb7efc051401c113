ALTER TABLE `codes` ADD `identity` text;--> statement-breakpoint
ALTER TABLE `codes` ADD `address` text;--> statement-breakpoint
ALTER TABLE `codes` ADD `name` text;--> statement-breakpoint
ALTER TABLE `codes` ADD `person_id` text;--> statement-breakpoint
ALTER TABLE `identities` ADD `source` text DEFAULT 'file' NOT NULL;--> statement-breakpoint
-- Whoever came in chat came with an identity of theirs.
UPDATE identities SET source = 'chat' WHERE person_id IN (SELECT id FROM people WHERE source = 'chat');
