CREATE TABLE "request_drafts" (
	"id" text NOT NULL,
	"address" text NOT NULL,
	"person_id" text NOT NULL,
	"job_key" text NOT NULL,
	"job_version" bigint NOT NULL,
	"answers" json NOT NULL,
	"asking" text NOT NULL,
	"message_keys" json NOT NULL,
	"read" text,
	"expires_at" bigint NOT NULL,
	CONSTRAINT "request_drafts_address_person_id_pk" PRIMARY KEY("address","person_id")
);
--> statement-breakpoint
CREATE INDEX "request_drafts_by_time" ON "request_drafts" USING btree ("expires_at");