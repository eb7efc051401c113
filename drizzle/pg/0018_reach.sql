CREATE TABLE "consents" (
	"identity" text PRIMARY KEY NOT NULL,
	"state" text NOT NULL,
	"words" text NOT NULL,
	"at" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "mutes" (
	"person_id" text NOT NULL,
	"notice" text NOT NULL,
	"at" bigint NOT NULL,
	CONSTRAINT "mutes_person_id_notice_pk" PRIMARY KEY("person_id","notice")
);
--> statement-breakpoint
CREATE TABLE "receipts" (
	"channel" text NOT NULL,
	"message_id" text NOT NULL,
	"address" text NOT NULL,
	"state" text NOT NULL,
	"rank" bigint NOT NULL,
	"error" text,
	"at" bigint NOT NULL,
	CONSTRAINT "receipts_channel_message_id_pk" PRIMARY KEY("channel","message_id")
);
--> statement-breakpoint
ALTER TABLE "codes" ADD COLUMN "misses" bigint DEFAULT 0 NOT NULL;