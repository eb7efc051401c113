CREATE VIEW v_job_queue_backlog AS
  SELECT run_id, job_key, epoch, attempt, priority, not_before, 'ready' AS state FROM job_queue
  UNION ALL
  SELECT run_id, job_key, epoch, attempt, priority, not_before, 'later' AS state FROM job_later;
--> statement-breakpoint
CREATE VIEW v_job_queue_in_progress AS
  SELECT run_id, job_key, epoch, attempt, worker_id, fence, beat_at, lease_until FROM job_leases;
--> statement-breakpoint
INSERT INTO system_chain (name, seq, hash)
  VALUES ('system', 0, '0000000000000000000000000000000000000000000000000000000000000000');
--> statement-breakpoint
CREATE FUNCTION events_are_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'events are append-only';
END;
$$;
--> statement-breakpoint
CREATE TRIGGER events_refuse_change BEFORE UPDATE OR DELETE ON events
  FOR EACH ROW EXECUTE FUNCTION events_are_append_only();
--> statement-breakpoint
CREATE TRIGGER events_refuse_truncate BEFORE TRUNCATE ON events
  FOR EACH STATEMENT EXECUTE FUNCTION events_are_append_only();
--> statement-breakpoint
-- Rows come and go quickly here; waiting for a fifth of a large table would leave too many dead ones in the claim's way.
ALTER TABLE job_queue SET (autovacuum_vacuum_scale_factor = 0.0, autovacuum_vacuum_threshold = 5000);
--> statement-breakpoint
ALTER TABLE job_leases SET (autovacuum_vacuum_scale_factor = 0.0, autovacuum_vacuum_threshold = 5000);
--> statement-breakpoint
ALTER TABLE runs SET (fillfactor = 85);
