CREATE TABLE "repeats" (
	"channel" text NOT NULL,
	"account" text NOT NULL,
	"event_key" text NOT NULL,
	"times" bigint NOT NULL,
	"last_at" bigint NOT NULL,
	CONSTRAINT "repeats_channel_account_event_key_pk" PRIMARY KEY("channel","account","event_key")
);
--> statement-breakpoint
CREATE INDEX "repeats_by_time" ON "repeats" USING btree ("last_at");