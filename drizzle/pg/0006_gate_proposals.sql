CREATE TABLE "gate_proposals" (
	"name" text PRIMARY KEY NOT NULL,
	"value" bigint NOT NULL,
	"person_id" text NOT NULL,
	"proposed_by" text NOT NULL,
	"at" bigint NOT NULL
);
