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
CREATE TRIGGER events_refuse_update BEFORE UPDATE ON events
BEGIN
  SELECT raise(ABORT, 'events are append-only');
END;
--> statement-breakpoint
CREATE TRIGGER events_refuse_delete BEFORE DELETE ON events
BEGIN
  SELECT raise(ABORT, 'events are append-only');
END;
