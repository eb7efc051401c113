-- What a request froze moves out of the rows that every event writes anew.
INSERT INTO run_terms (run_id, terms)
  SELECT id, (SELECT json_object_agg(key, value) FROM json_each(state) WHERE key IN (
    'runId', 'jobKey', 'jobVersion', 'title', 'willRun', 'params', 'defaulted', 'heavy', 'effects', 'retry', 'approval',
    'selfApproval', 'requesters', 'priority', 'concurrency', 'requester', 'origin', 'specHash', 'createdAt')) FROM runs;
--> statement-breakpoint
UPDATE runs SET state = (SELECT json_object_agg(key, value) FROM json_each(state) WHERE key NOT IN (
  'runId', 'jobKey', 'jobVersion', 'title', 'willRun', 'params', 'defaulted', 'heavy', 'effects', 'retry', 'approval',
  'selfApproval', 'requesters', 'priority', 'concurrency', 'requester', 'origin', 'specHash', 'createdAt'));
