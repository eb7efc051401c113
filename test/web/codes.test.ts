import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { plainSpec } from '../../src/core/jobs/job.ts';
import type { Store } from '../../src/core/ports/store.ts';
import { startRefusalTally } from '../../src/loops/refusal-tally.ts';
import { calendar } from '../../src/scheduler/calendar.ts';
import { BODY_MAX } from '../../src/web/api/read-json.ts';
import { oidcIssuer } from '../fakes/oidc-issuer.ts';
import { type Answer, type Call, type World, world } from './world.ts';

const SAID = { from: 'ana', conversation: 'ops', body: 'run hello' };
const HELLO = { key: 'hello', title: 'Say hello', demo: {} };
const BACKUP = { key: 'backup', title: 'Back up', command: ['./backup.sh'] };
/** Approves and asks for nothing. */
const BOB = { 'x-textops-user': 'bob' };
const KEYED = { headers: { 'idempotency-key': 'k1' } };

const withLogin = (provider: 'up' | 'down'): NonNullable<Case['options']> => ({
  browserLogin: {
    issuer: 'https://login.example',
    begin: () => Promise.reject(new Error(provider)),
    finish: () => Promise.resolve(undefined),
  },
});

const form = (body: string, headers = {}): Call => ({
  body,
  headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
});

interface Case {
  readonly status: number;
  readonly options?: Parameters<typeof world>[0];
  /** The request that is refused, after whatever has to happen first. */
  readonly ask: (there: World) => Promise<Answer & { readonly of?: World }>;
}

const once =
  (path: string, call?: Call): Case['ask'] =>
  (there) =>
    there.call(path, call);

/** Every call of the list; the last one is the one that counts. */
const then =
  (...calls: readonly (readonly [string, Call])[]): Case['ask'] =>
  async (there) => {
    const [last, ...before] = calls.toReversed();
    if (last === undefined) throw new Error('no call');
    for (const [path, call] of before.toReversed())
      expect((await there.call(path, call)).status).toBeLessThan(300);
    return there.call(...last);
  };

/** A good token of somebody whom nobody here knows, while the provider can be asked or cannot. */
const withProviderToken =
  (provider: 'up' | 'down'): Case['ask'] =>
  async () => {
    const issuer = await oidcIssuer();
    if (provider === 'down') issuer.answerWith('trouble');
    const of = await world({ identityProvider: issuer.provider() });
    const headers = { authorization: `Bearer ${await issuer.sign()}` };
    return { ...(await of.call('/runs', { headers })), of };
  };

const failing = (store: Store): Store => ({
  ...store,
  catalog: { ...store.catalog, list: () => Promise.reject(new Error('gone')) },
});

const onJobOfFile: Case['ask'] = async ({ call, store, addJob }) => {
  await addJob('other');
  const job = await store.catalog.find('other');
  if (job === undefined) throw new Error('the job is gone');
  await store.catalog.replaceFileJobs([{ key: 'hello', spec: job.spec }], 'file', 1);
  return call('/jobs/hello', { method: 'PUT', json: { demo: {} } });
};

const CLOSED = {
  kind: 'gate',
  name: 'queue.job_substrate.enabled',
  open: false,
  by: 'user:dev:ana',
} as const;

/** The same request once, or once more, while nothing may enter the queue. */
const onClosedQueue =
  (times: number): Case['ask'] =>
  async ({ call, store, addJob }) => {
    const { approval } = plainSpec({ title: '', target: { kind: 'demo' } });
    await addJob('tick', { approval: { ...approval, policy: 'never' } });
    await store.runs.commit([{ queue: [], outbox: [], upkeep: [CLOSED], at: 1 }]);
    const asked = { json: { job: 'tick' }, ...KEYED };
    for (let time = 1; time < times; time += 1) await call('/runs', asked);
    return call('/runs', asked);
  };

const HOURLY = { key: 'hourly', job: 'hello', cron: '0 * * * *', chat: 'dev:ops' };

/** A schedule that is refused, on a catalog with one job. */
const schedule = (over: object, call: Call = {}): Case['ask'] =>
  then(['/jobs', { json: HELLO }], ['/schedules', { json: { ...HOURLY, ...over }, ...call }]);

const onScheduleOfFile: Case['ask'] = async ({ call, store }) => {
  await call('/jobs', { json: HELLO });
  const { job: jobKey, ...spec } = { ...HOURLY, timezone: 'UTC', params: {}, overlap: 'skip' as const };
  await store.schedules.replaceFileSchedules([{ ...spec, jobKey }], calendar, 1);
  return call('/schedules/hourly', { method: 'PUT', json: { cron: 1 } });
};

const CASES: Readonly<Record<string, Case>> = {
  bad_filter: { status: 400, ask: once('/runs?stauts=Failed') },
  bad_cron: { status: 422, ask: schedule({ cron: '0 25 * * *' }) },
  body_too_large: {
    status: 413,
    ask: once('/dev/inbound', { json: { ...SAID, body: 'x'.repeat(BODY_MAX) } }),
  },
  dead_letter_stays: {
    status: 409,
    ask: async ({ call, store }) => {
      const base = { channel: 'dev', account: 'dev', eventKey: 'x', address: 'dev:ops', lane: 'dev:ops' };
      await store.inbox.accept([{ ...base, kind: 'unreadable', reason: 'no schema', raw: '{' }], 1);
      const [letter] = await store.deadLetters.list(1);
      return call(`/dead-letters/i${letter?.id ?? 0}/replay`, { method: 'POST' });
    },
  },
  several_dead_letters: {
    status: 409,
    ask: async ({ call, store }) => {
      const base = { channel: 'dev', account: 'dev', eventKey: 'x', address: 'dev:ops', lane: 'dev:ops' };
      await store.inbox.accept([{ ...base, kind: 'unreadable', reason: 'no schema', raw: '{' }], 1);
      const content = { kind: 'note', note: { lines: [], actions: [] } } as const;
      await store.outbox.suspend('dev:ops', 'gone', 1);
      await store.runs.commit([
        { queue: [], outbox: [{ key: 'n', address: 'dev:ops', priority: 0, content }], at: 1 },
      ]);
      return call('/dead-letters/1/replay', { method: 'POST' });
    },
  },
  may_not_handle_dead_letter: {
    status: 403,
    ask: async ({ call, store }) => {
      const base = { channel: 'dev', account: 'dev', eventKey: 'x', address: 'dev:ops', lane: 'dev:ops' };
      await store.inbox.accept([{ ...base, kind: 'unreadable', reason: 'no schema', raw: '{' }], 1);
      return call('/dead-letters/1/drop', { json: { reason: 'x' }, headers: BOB });
    },
  },
  unknown_dead_letter: { status: 404, ask: once('/dead-letters/j9/replay', { method: 'POST' }) },
  escalates_too_late: { status: 422, ask: schedule({ escalate: { after: '30m', to: 'dev:boss' } }) },
  foreign_host: { status: 403, ask: once('/runs', { headers: { host: 'evil.example' } }) },
  foreign_origin: { status: 403, ask: once('/runs', { headers: { origin: 'https://evil.example' } }) },
  idempotency_key_invalid: {
    status: 400,
    ask: once('/runs', { json: { job: 'hello' }, headers: { 'idempotency-key': 'a b' } }),
  },
  idempotency_key_missing: { status: 400, ask: once('/runs', { json: { job: 'hello' } }) },
  idempotency_key_reused: {
    status: 422,
    ask: then(
      ['/jobs', { json: HELLO }],
      ['/jobs', { json: { ...HELLO, key: 'bye' } }],
      ['/runs', { json: { job: 'hello' }, ...KEYED }],
      ['/runs', { json: { job: 'bye' }, ...KEYED }],
    ),
  },
  internal: { status: 500, options: { store: failing }, ask: once('/jobs') },
  invalid_body: { status: 400, ask: once('/dev/inbound', { json: {} }) },
  invalid_job: { status: 422, ask: once('/jobs', { json: { ...HELLO, titel: 'x' } }) },
  invalid_params: {
    status: 422,
    ask: then(
      ['/jobs', { json: HELLO }],
      ['/runs', { json: { job: 'hello', params: { colour: 'red' } }, ...KEYED }],
    ),
  },
  invalid_query: { status: 400, ask: once('/dev/outbound') },
  invalid_schedule: { status: 422, ask: schedule({ cronn: 'x' }) },
  invalid_user: {
    status: 400,
    ask: once('/runs', {
      json: { job: 'hello' },
      headers: { ...KEYED.headers, 'x-textops-user': 'a b' },
    }),
  },
  job_exists: { status: 409, ask: then(['/jobs', { json: HELLO }], ['/jobs', { json: HELLO }]) },
  job_substrate_disabled: { status: 409, ask: onClosedQueue(1) },
  refused_before: { status: 409, ask: onClosedQueue(2) },
  job_of_file: { status: 409, ask: onJobOfFile },
  key_mismatch: { status: 422, ask: once('/jobs/hello', { method: 'PUT', json: { key: 'bye', demo: {} } }) },
  loopback_only: { status: 403, ask: once('/dev/inbound', { json: SAID, peer: '192.0.2.1' }) },
  malformed_json: {
    status: 400,
    ask: once('/jobs', { method: 'POST', body: '{', headers: { 'content-type': 'application/json' } }),
  },
  may_not_request: {
    status: 403,
    ask: then(
      ['/jobs', { json: HELLO }],
      ['/runs', { json: { job: 'hello' }, headers: { ...KEYED.headers, ...BOB } }],
    ),
  },
  may_not_schedule: { status: 403, ask: schedule({}, { headers: BOB }) },
  method_not_allowed: { status: 405, ask: once('/runs', { method: 'DELETE' }) },
  never_fires: { status: 422, ask: schedule({ cron: '0 0 30 2 *' }) },
  nul_character: { status: 400, ask: once('/jobs', { json: { ...HELLO, title: 'a\u0000' } }) },
  permission_needed: { status: 403, ask: once('/jobs', { json: HELLO, as: 'ci' }) },
  owner_needed: { status: 403, ask: once('/jobs', { json: BACKUP }) },
  schedule_exists: {
    status: 409,
    ask: then(
      ['/jobs', { json: HELLO }],
      ['/schedules', { json: HOURLY }],
      ['/schedules', { json: { ...HOURLY, cron: '5 * * * *' } }],
    ),
  },
  schedule_of_file: { status: 409, ask: onScheduleOfFile },
  too_often: { status: 422, ask: schedule({ cron: '* * * * * *' }) },
  two_jobs: {
    status: 422,
    ask: then(['/jobs', { json: HELLO }], ['/runs', { json: { job: 'hello', jobKey: 'bye' }, ...KEYED }]),
  },
  unauthorized: { status: 401, options: { profile: 'production' }, ask: once('/runs') },
  unknown_job: { status: 404, ask: once('/jobs/nothing') },
  issuer_unavailable: { status: 503, ask: withProviderToken('down') },
  unknown_person: { status: 403, ask: withProviderToken('up') },
  unknown_recipient: { status: 422, ask: schedule({ escalate: { after: '5m', to: 'nobody' } }) },
  unknown_route: { status: 404, ask: once('/nowhere') },
  login_void: { status: 403, options: withLogin('up'), ask: once('/login/oidc/callback?code=x&state=y') },
  login_unavailable: { status: 503, options: withLogin('down'), ask: once('/login/oidc') },
  foreign_form: { status: 403, ask: once('/login', form('seat=ana')) },
  no_such_seat: {
    status: 403,
    ask: once('/login', form('seat=zed', { origin: 'http://localhost' })),
  },
  unknown_schedule: { status: 404, ask: once('/schedules/nothing') },
  unknown_timezone: { status: 422, ask: schedule({ timezone: 'Europe/Berln' }) },
  unknown_version: {
    status: 404,
    ask: then(['/jobs', { json: HELLO }], ['/jobs/hello/versions?from=7', {}]),
  },
  unknown_run: { status: 404, ask: once('/runs/ABC123') },
  unsupported_media_type: { status: 415, ask: once('/jobs', { method: 'POST', body: 'key=x' }) },
};

const folder = join(import.meta.dirname, '../../src/web');

const sources = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts'))
  .map((name) => readFileSync(join(folder, name), 'utf8'))
  .join('\n');

/** `new ProblemError(404, 'unknown_run', …)` */
const written = [...sources.matchAll(/new ProblemError\(\s*\d{3},\s*'(\w+)'/g)].map(([, code = '']) => code);

describe('the codes of refusals', () => {
  test('each one that the sources know is met here', () => {
    expect(Object.keys(CASES).toSorted()).toEqual([...new Set(written)].toSorted());
  });

  test('none is put together from parts, where nobody would find it', () => {
    expect(written).toHaveLength([...sources.matchAll(/new ProblemError\(/g)].length);
  });

  const forRights = Object.entries(CASES).filter(([, { status }]) => status === 401 || status === 403);

  test.each(forRights)('%s is on record, once, by a reason of its own', async (code, { options, ask }) => {
    const asked = await world(options);
    const { of: there = asked } = await ask(asked);
    const { store } = there;
    const tally = startRefusalTally({ runs: store.runs, now: () => store.now(), observe: () => undefined });
    for (const observation of there.observed) tally.sees(observation);
    await tally.stop();
    const counts = await store.reader.refusals(await store.now());
    const reason = code === 'unauthorized' ? 'no_token' : code;
    expect(counts).toEqual([{ kind: 'auth_refused', reason, day: 1, week: 1 }]);
  });

  test.each(Object.entries(CASES))('%s', async (code, { status, options, ask }) => {
    const answer = await ask(await world(options));
    expect(answer.json).toMatchObject({ status, code, type: `urn:textops:problem:${code}` });
    expect(answer.status).toBe(status);
    expect(answer.headers.get('content-type')).toBe('application/problem+json');
    expect(answer.json.detail).toMatch(/^.+\w.+$/);
  });
});
