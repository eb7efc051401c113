import { fileURLToPath } from 'node:url';
import type { JobSpec, Target } from '../core/jobs/job.ts';
import { plainSpec } from '../core/jobs/job.ts';
import type { CatalogFile } from './catalog-file.ts';

/** What there is to run before anybody has written a textops.yaml. */
export const sampleCatalog = (): CatalogFile => ({
  jobs: [
    { key: 'demo', spec: demo('Answer at once') },
    { key: 'hello', spec: hello() },
    { key: 'backup', spec: backup() },
    { key: 'slow', spec: demo('Take a while and report progress', 'slow') },
    { key: 'flaky', spec: flaky },
  ],
  schedules: [],
  people: [],
  traceMode: 'one',
  advisors: { parse: 'house', risk: 'off', summary: 'house' },
});

const demo = (title: string, behaviour?: 'slow'): JobSpec =>
  plainSpec({ title, target: { kind: 'demo', ...(behaviour && { behaviour }) } });

/** From src/config and from dist/config the package begins two folders up. */
const packageFolder = fileURLToPath(new URL('../../', import.meta.url));

// Named as short as it can be, because the card shows it: `node samples/hello.js world`.
const script = (name: string, ...args: readonly string[]): Target => ({
  kind: 'command',
  command: ['node', `samples/${name}`, ...args],
  cwd: packageFolder,
  env: [],
});

const hello = (): JobSpec =>
  plainSpec({
    title: 'Say hello',
    target: script('hello.js', '{name}'),
    params: { name: { type: 'string', required: false, default: 'world', maxLength: 60 } },
    timeoutMs: 60_000,
    effects: 'idempotent',
  });

const backup = (): JobSpec =>
  plainSpec({
    title: 'Back up a folder into a dated archive',
    target: script('backup.js', '{from}', '{to}'),
    params: {
      from: { type: 'string', required: false, default: 'samples' },
      to: { type: 'string', required: false, default: 'data/backups' },
    },
    // A second archive beside the first does no harm.
    effects: 'idempotent',
  });

const flaky: JobSpec = plainSpec({
  title: 'Fail twice, then succeed',
  target: { kind: 'demo', behaviour: 'flaky' },
  retry: { attemptsMax: 3, delayMsMin: 2000, delayMsMax: 10_000 },
});
