-- What a request froze moves out of the rows that every event writes anew.
INSERT INTO run_terms (run_id, terms)
  SELECT id, json_remove(state, '$.status', '$.files', '$.epoch', '$.digest', '$.votes', '$.byPolicy', '$.fence', '$.losses',
    '$.lastStart', '$.lastError', '$.because', '$.askedAt', '$.decideBy', '$.approvedAt', '$.startBy', '$.resumedBy',
    '$.attempt', '$.notBefore', '$.since', '$.workerId', '$.startedAt', '$.progress', '$.summary', '$.tookMs', '$.endedAt',
    '$.reason', '$.by', '$.was', '$.clock', '$.waitedMs') FROM runs;
--> statement-breakpoint
UPDATE runs SET state = json_remove(state, '$.runId', '$.jobKey', '$.jobVersion', '$.title', '$.willRun', '$.params',
  '$.defaulted', '$.heavy', '$.effects', '$.retry', '$.approval', '$.selfApproval', '$.requesters', '$.priority',
  '$.concurrency', '$.requester', '$.origin', '$.specHash', '$.createdAt');
