/** Three for every command, shown by `--help`. */
export const EXAMPLES: Readonly<Record<string, readonly [string, string, string]>> = {
  '': ['textops', 'textops runs --status failed --since 1d', 'textops show K7M2QX --wait --timeout 10m'],
  start: [
    'textops start',
    'textops start --config ops.yaml --db file:./ops.db',
    'TEXTOPS_PROFILE=production textops start',
  ],
  worker: [
    'textops worker',
    'WORKER_CONCURRENCY=8 textops worker',
    'textops worker --db postgres://textops@db1/textops',
  ],
  chat: [
    'textops chat',
    'textops chat --as bob',
    'echo "run demo" | textops chat --server http://127.0.0.1:5048',
  ],
  jobs: ['textops jobs', 'textops jobs --json', 'textops jobs | cut -f1'],
  'jobs validate': [
    'textops jobs validate',
    'textops jobs validate deploy/textops.yaml',
    'textops jobs validate --json',
  ],
  people: ['textops people', 'textops people --json', 'textops people | cut -f1,5'],
  schedules: ['textops schedules', 'textops schedules --json', 'textops schedules | cut -f1,4'],
  runs: [
    'textops runs',
    'textops runs --status failed,expired --since 7d',
    'textops runs --job backup -n 100 --json',
  ],
  replay: [
    'textops replay K7M2QX',
    'textops replay K7M2QX --json',
    'textops replay K7M2QX --db file:./copy.db',
  ],
  show: ['textops show K7M2QX', 'textops show K7M2QX --json', 'textops show K7M2QX --wait --timeout 30s'],
  ops: ['textops ops', 'textops ops --ticks', 'textops ops --json'],
  'dead-letters': ['textops dead-letters', 'textops dead-letters --json', 'textops dead-letters --as ana'],
  'dead-letters show': [
    'textops dead-letters show j12',
    'textops dead-letters show o9 --json',
    'textops dead-letters show 12',
  ],
  'dead-letters replay': [
    'textops dead-letters replay j12',
    'textops dead-letters replay 12',
    'textops dead-letters --as ana replay i7',
  ],
  'dead-letters drop': [
    'textops dead-letters drop o9 the group is gone',
    'textops dead-letters drop j12 "done by hand"',
    'textops dead-letters --as ana drop i7 spam',
  ],
  pause: [
    'textops pause backup',
    'textops pause queue "the database moves"',
    'textops pause backup --as ana',
  ],
  unpause: ['textops unpause backup', 'textops unpause queue', 'textops unpause backup --as ana'],
  gates: [
    'textops gates',
    'textops gates --json',
    'textops gates close queue.retry.enabled --yes queue.retry.enabled',
  ],
  'gates open': [
    'textops gates open queue.retry.enabled --yes queue.retry.enabled',
    'textops gates open queue.notify.bridge_enabled --yes queue.notify.bridge_enabled --as ana',
    'textops gates open queue.retry.max_attempts.http --value 3 --yes queue.retry.max_attempts.http',
  ],
  'gates close': [
    'textops gates close queue.retry.enabled --yes queue.retry.enabled',
    'textops gates close queue.lease_reaper.enabled --yes queue.lease_reaper.enabled',
    'textops gates close queue.job_substrate.enabled --yes queue.job_substrate.enabled --as ana',
  ],
  logs: ['textops logs', 'textops logs K7M2QX', 'textops logs --event execution.failed -n 500 --json'],
  check: ['textops check', 'textops check --config next.yaml', 'textops check --json'],
  doctor: ['textops doctor', 'textops doctor --env-file /etc/textops/env', 'textops doctor --json'],
  migrate: [
    'textops migrate',
    'textops migrate status',
    'textops migrate --db postgres://textops@db1/textops',
  ],
  'migrate status': [
    'textops migrate status',
    'textops migrate status --json',
    'textops migrate status --db file:./ops.db',
  ],
  'migrate down': [
    'textops migrate down substrate',
    'textops migrate down substrate --json',
    'textops migrate down substrate --db file:./ops.db',
  ],
  phase: ['textops phase report 1', 'textops phase report 2', 'textops phase report 3 --json'],
  'phase report': ['textops phase report 1', 'textops phase report 2', 'textops phase report 3 --json'],
  config: ['textops config schema', 'textops config explain', 'textops config explain --json'],
  'config schema': [
    'textops config schema',
    'textops config schema > textops.schema.json',
    'textops config schema --json',
  ],
  'config explain': [
    'textops config explain',
    'textops config explain --env-file production.env',
    'textops config explain --json',
  ],
  audit: ['textops audit verify', 'textops audit export --out history.jsonl', 'textops audit seals -n 1'],
  'audit verify': [
    'textops audit verify',
    'textops audit verify --seals /mnt/other-host/seals.log',
    'textops audit verify --db file:./copy.db --seals /dev/null --json',
  ],
  'audit export': [
    'textops audit export --out history.jsonl',
    'textops audit export --since 30d | gzip > month.jsonl.gz',
    'textops audit export --since 2026-11-01 --out november.jsonl',
  ],
  'audit seals': [
    'textops audit seals -n 1',
    'textops audit seals > /mnt/other-host/seals.log',
    'textops audit seals --json',
  ],
  version: ['textops version', 'textops version --full', 'textops version --full --json'],
};
