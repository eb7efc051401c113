CREATE TABLE "incidents" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"kind" text NOT NULL,
	"name" text NOT NULL,
	"raised_at" bigint NOT NULL,
	"cleared_at" bigint
);
--> statement-breakpoint
CREATE TABLE "up_minutes" (
	"minute_at" bigint PRIMARY KEY NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX "incidents_open" ON "incidents" USING btree ("kind","name") WHERE cleared_at is null;--> statement-breakpoint
CREATE INDEX "incidents_by_time" ON "incidents" USING btree ("raised_at");