CREATE TABLE "seal_heads" (
	"chain" text NOT NULL,
	"seq" bigint NOT NULL,
	"hash" text NOT NULL,
	"seal" bigint NOT NULL,
	CONSTRAINT "seal_heads_chain_seq_pk" PRIMARY KEY("chain","seq")
);
--> statement-breakpoint
CREATE TABLE "seals" (
	"number" bigint PRIMARY KEY NOT NULL,
	"at" bigint NOT NULL,
	"previous" text NOT NULL,
	"events" bigint NOT NULL,
	"heads" text NOT NULL,
	"key" text NOT NULL,
	"hash" text NOT NULL,
	"signature" text NOT NULL
);
--> statement-breakpoint
ALTER TABLE "runs" ADD COLUMN "sealed_seq" bigint DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "system_chain" ADD COLUMN "sealed_seq" bigint DEFAULT 0 NOT NULL;--> statement-breakpoint
CREATE INDEX "seal_heads_by_seal" ON "seal_heads" USING btree ("seal");--> statement-breakpoint
CREATE INDEX "runs_unsealed" ON "runs" USING btree ("id") WHERE version > sealed_seq;
--> statement-breakpoint
CREATE FUNCTION seals_are_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is append-only', TG_TABLE_NAME;
END;
$$;
--> statement-breakpoint
CREATE TRIGGER seals_refuse_change BEFORE UPDATE OR DELETE ON seals
  FOR EACH ROW EXECUTE FUNCTION seals_are_append_only();
--> statement-breakpoint
CREATE TRIGGER seals_refuse_truncate BEFORE TRUNCATE ON seals
  FOR EACH STATEMENT EXECUTE FUNCTION seals_are_append_only();
--> statement-breakpoint
CREATE TRIGGER seal_heads_refuse_change BEFORE UPDATE OR DELETE ON seal_heads
  FOR EACH ROW EXECUTE FUNCTION seals_are_append_only();
--> statement-breakpoint
CREATE TRIGGER seal_heads_refuse_truncate BEFORE TRUNCATE ON seal_heads
  FOR EACH STATEMENT EXECUTE FUNCTION seals_are_append_only();
