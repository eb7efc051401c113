ALTER TABLE "codes" ADD COLUMN "identity" text;--> statement-breakpoint
ALTER TABLE "codes" ADD COLUMN "address" text;--> statement-breakpoint
ALTER TABLE "codes" ADD COLUMN "name" text;--> statement-breakpoint
ALTER TABLE "codes" ADD COLUMN "person_id" text;--> statement-breakpoint
ALTER TABLE "identities" ADD COLUMN "source" text DEFAULT 'file' NOT NULL;--> statement-breakpoint
-- Whoever came in chat came with an identity of theirs.
UPDATE identities SET source = 'chat' WHERE person_id IN (SELECT id FROM people WHERE source = 'chat');
