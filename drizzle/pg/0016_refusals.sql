CREATE TABLE "refusals" (
	"hour_at" bigint NOT NULL,
	"kind" text NOT NULL,
	"reason" text NOT NULL,
	"times" bigint NOT NULL,
	CONSTRAINT "refusals_hour_at_kind_reason_pk" PRIMARY KEY("hour_at","kind","reason")
);
