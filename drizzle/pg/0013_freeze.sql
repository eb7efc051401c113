CREATE TABLE "freezes" (
	"what" text PRIMARY KEY NOT NULL,
	"frozen_by" text NOT NULL,
	"at" bigint NOT NULL,
	"reason" text NOT NULL
);
