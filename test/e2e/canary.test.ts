import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { startCollector } from '../fakes/otlp-collector.ts';
import { until } from './program.ts';
import { openTown } from './town.ts';

/** In all that people write and jobs print; nobody who looks after the machine has any business with it. */
const CANARY = 'canary-7f3a';
const SECRET = 'hunter2-correct-horse-battery';
/** Of shapes that are blacked out wherever they turn up. */
const TOKENS = [
  '987654321:AAHfiqksKZ8WmR2zMn0cVwbYZQ1lSg7xT3E',
  'xoxb-1234567890-abcdefghij',
  'AC0123456789abcdef0123456789abcdef',
  'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl',
];

const collector = await startCollector();
afterAll(() => collector.close());

const town = openTown({
  yaml: `
advisors: { parse: house, risk: house, summary: house }
jobs:
  tells:
    title: Prints what nobody should log
    command: ["sh", "-c", "echo $HUSH ${TOKENS.join(' ')} ${CANARY}; echo ${CANARY} >&2; exit 3", "{note}"]
    secrets: [HUSH]
    params: { note: { type: string, required: true } }
people:
  ana: { identities: ["telegram:1001"], roles: [operator] }
  bob: { identities: ["telegram:1002"], roles: [approver] }
`,
  env: { LOG_LEVEL: 'trace', HUSH: SECRET, OTEL_EXPORTER_OTLP_ENDPOINT: collector.url },
});

test('what people write, models read and jobs print is in no line and in no span, and no token is', async () => {
  const ops = town.group();
  const card = await ops.asks('ana', `/run tells note=${CANARY}`);
  await ops.presses('bob', card, 'Approve');
  await town.runThatIs(card.runId, 'Failed');
  const denied = await ops.asks('ana', `/run tells note="${CANARY} ${TOKENS[0] ?? ''}"`);
  ops.hears('bob', `/no ${denied.runId} because ${CANARY} ${TOKENS[1] ?? ''}`);
  await town.runThatIs(denied.runId, 'Denied');
  const home = town.home('ana');
  home.hears('ana', `please run the ${CANARY} job ${TOKENS[2] ?? ''}`);
  home.hears('ana', `/summary ${card.runId}`);
  home.hears('ana', `/log ${card.runId}`);
  await home.shows(new RegExp(CANARY));
  home.hears('ana', `${CANARY} ${TOKENS[3] ?? ''}`);
  town.home('zed').hears('zed', `${CANARY} let me in`);
  // The last of it has been told when everything has been sent on.
  home.hears('ana', '/whoami');
  await home.shows(/operator/);
  await until(() => collector.spans.some(({ name }) => name === 'process WhoAmI'), 10_000);
  expect(await town.program.stop()).toBe(0);

  const log = await readFile(join(town.folder, 'data', 'logs', 'textops.log'), 'utf8');
  const told = [log, town.program.output(), JSON.stringify(collector.spans)];
  // They did tell of all this, or nothing would be proved.
  expect(log).toContain(`"run_id":"${card.runId}"`);
  expect(log).toContain('"event":"execution.failed"');
  expect(log).toContain('"event":"run.denied"');
  expect(collector.spans.map(({ name }) => name)).toContain('exec tells');
  const found = [CANARY, SECRET, ...TOKENS, town.fake.token].filter((word) =>
    told.some((text) => text.includes(word)),
  );
  expect(found).toEqual([]);
  expect(collector.faults).toEqual([]);
});
