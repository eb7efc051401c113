import { describe, expect, test } from 'vitest';
import { plainSpec } from '../../src/core/jobs/job.ts';
import { firstFault } from '../../src/core/runs/chain.ts';
import { noon, world } from './world.ts';

const DEMO = { key: 'hello', title: 'Say hello', demo: {} };
const COMMAND = { key: 'backup', title: 'Back up', command: ['./backup.sh'] };

describe('the catalog over HTTP', () => {
  test('a created job can be listed, shown and run (F065, F066, F067)', async () => {
    const { call, say } = await world();
    const created = await call('/jobs', { json: DEMO });
    expect(created.status).toBe(201);
    expect(created.headers.get('location')).toBe('/jobs/hello');
    expect(created.json.job).toMatchObject({
      key: 'hello',
      version: 1,
      source: 'api',
      title: 'Say hello',
      target: { kind: 'demo' },
      concurrency: null,
    });
    expect((await call('/jobs')).json.jobs.map((job: { key: string }) => job.key)).toEqual(['hello']);
    const { runId } = (await say('run hello')).json;
    expect((await call(`/runs/${runId}`)).json.run).toMatchObject({ jobKey: 'hello', jobVersion: 1 });
  });

  test('a change raises the version; runs that exist keep theirs (F069)', async () => {
    const { call, say } = await world();
    await call('/jobs', { json: DEMO });
    const { runId } = (await say('run hello')).json;
    const changed = await call('/jobs/hello', { method: 'PUT', json: { title: 'Say it louder', demo: {} } });
    expect(changed.status).toBe(200);
    expect(changed.json.job).toMatchObject({ key: 'hello', version: 2, title: 'Say it louder' });
    const shown = (await call('/jobs/hello')).json;
    expect(shown.job.version).toBe(2);
    expect(shown.versions.map((job: { version: number }) => job.version).toSorted()).toEqual([1, 2]);
    expect((await call(`/runs/${runId}`)).json.run).toMatchObject({ jobVersion: 1, title: 'Say hello' });
  });

  test('an existing key is a conflict', async () => {
    const { call } = await world();
    await call('/jobs', { json: DEMO });
    expect((await call('/jobs', { json: DEMO })).json).toMatchObject({ status: 409, code: 'job_exists' });
  });

  test('a job of the file is changed only in the file', async () => {
    const { call, store, addJob } = await world();
    await addJob('other');
    const spec = (await store.catalog.find('other'))?.spec;
    if (spec === undefined) throw new Error('the job is gone');
    await store.catalog.replaceFileJobs([{ key: 'hello', spec }], 'file', noon);
    const refused = await call('/jobs/hello', { method: 'PUT', json: { title: 'Mine', demo: {} } });
    expect(refused.json).toMatchObject({
      status: 409,
      code: 'job_of_file',
      detail: 'A job that comes from the file is changed only in the file.',
    });
    expect((await call('/jobs', { json: DEMO })).json).toMatchObject({
      status: 409,
      code: 'job_exists',
      detail: 'The job "hello" exists already. It comes from the file; change it there.',
    });
  });

  test.each(['file', 'sample'] as const)(
    'whoever asks, and whatever it does: a job of the %s is changed only in the file',
    async (source) => {
      const { call, store } = await world();
      const target = { kind: 'command', command: ['./backup.sh'], env: [] } as const;
      await store.catalog.replaceFileJobs(
        [{ key: 'backup', spec: plainSpec({ title: 'Back up', target }) }],
        source,
        noon,
      );
      const bodies = [{ demo: {} }, { command: ['./mine.sh'] }, { titel: 'x' }, { key: 'other', demo: {} }];
      for (const json of bodies) {
        for (const more of [{}, { as: 'boss' as const }, { as: 'ana' as const }]) {
          const refused = await call('/jobs/backup', { method: 'PUT', json, ...more });
          expect(refused.json).toMatchObject({
            status: 409,
            code: 'job_of_file',
            detail: 'A job that comes from the file is changed only in the file.',
          });
        }
      }
      expect((await call('/jobs/backup')).json.job).toMatchObject({ version: 1, title: 'Back up' });
    },
  );

  test('whoever may not see a job of the file does not learn where it comes from', async () => {
    const { call, store } = await world();
    const spec = plainSpec({
      title: 'Secret',
      target: { kind: 'demo' },
      requesters: ['role:owner'],
      approval: { ...plainSpec({ title: '', target: { kind: 'demo' } }).approval, approvers: ['role:owner'] },
    });
    await store.catalog.replaceFileJobs([{ key: 'secret', spec }], 'file', noon);
    const refused = await call('/jobs/secret', { method: 'PUT', json: { demo: {} }, as: 'ana' });
    expect(refused.json.code).toBe('unknown_job');
  });

  test('who may make a job may change it', async () => {
    const { call } = await world();
    expect((await call('/jobs', { json: { key: 'x', demo: {} } })).status).toBe(201);
    expect((await call('/jobs/x', { method: 'PUT', json: { demo: {} } })).status).toBe(200);
  });

  test('no limit is shown as no limit, not as a huge number', async () => {
    const { call, say, work } = await world();
    await call('/jobs', { json: DEMO });
    const { runId } = (await say('run hello')).json;
    await say(`yes ${runId}`);
    await work();
    for (const path of ['/jobs', '/jobs/hello', '/runs', `/runs/${runId}`, '/health', '/openapi.json']) {
      const { status, text } = await call(path);
      expect(status).toBeLessThan(504);
      expect(text).not.toMatch(/9007199254740991|9\.00719925/);
    }
    const { events } = (await call(`/runs/${runId}`)).json;
    expect(events.length).toBeGreaterThan(3);
    expect(events[0].payload).not.toHaveProperty('concurrency');
  });

  test('an unknown job has a guess', async () => {
    const { call } = await world();
    await call('/jobs', { json: DEMO });
    expect((await call('/jobs/helo')).json.detail).toBe('No job called "helo". Did you mean "hello"?');
    const put = await call('/jobs/helo', { method: 'PUT', json: { title: 'x', demo: {} } });
    expect(put.json).toMatchObject({ status: 404, code: 'unknown_job' });
  });

  test('commands, previews and secrets are written by owners', async () => {
    const { call } = await world();
    const http = { url: 'https://example.org' };
    const risky = [
      COMMAND,
      { ...DEMO, preview: ['./look.sh'] },
      { key: 'leak', title: 'Send it', http, secrets: ['DB_PASSWORD'] },
    ];
    for (const json of risky) {
      for (const more of [{}, { as: 'ana' as const }]) {
        const refused = await call('/jobs', { json, ...more });
        expect(refused.json).toMatchObject({ status: 403, code: 'owner_needed' });
        expect(refused.json.detail).toContain('role owner');
      }
    }
    for (const json of risky) expect((await call('/jobs', { json, as: 'boss' })).status).toBe(201);
    const tamed = await call('/jobs/backup', { method: 'PUT', json: { title: 'Tame', demo: {} } });
    expect(tamed.json.code).toBe('owner_needed');
    expect(tamed.json.detail).toContain('The job "backup", as it is now, runs a command');
    const owned = await call('/jobs/backup', {
      method: 'PUT',
      json: { title: 'Tame', demo: {} },
      as: 'boss',
    });
    expect(owned.json.job.version).toBe(2);
  });

  test('an operator cannot take the policy off a job of an owner, nor bring one of their own', async () => {
    const { call } = await world();
    const http = { url: 'https://example.org' };
    const heavy = { title: 'Deploy', http, heavy: true, approval: { quorum: 2 } };
    expect((await call('/jobs', { json: { ...heavy, key: 'deploy' }, as: 'boss' })).status).toBe(201);
    const looser = [
      { http, heavy: true, approval: { quorum: 1 } },
      { http, approval: { quorum: 2 } },
      { ...heavy, requesters: ['role:viewer'] },
      { http, approval: { quorum: 1, self: true, approvers: ['ana'] } },
      // What is left out is the default, and that is a change as well.
      { http },
    ];
    for (const json of looser) {
      for (const more of [{}, { as: 'ana' as const }]) {
        const refused = await call('/jobs/deploy', { method: 'PUT', json, ...more });
        expect(refused.json).toMatchObject({ status: 403, code: 'owner_needed' });
        expect(refused.json.detail).toMatch(/^Who asks and who decides is an owner's to say, so only .+\.$/);
      }
    }
    expect((await call('/jobs/deploy')).json.job).toMatchObject({ version: 1, heavy: true });
    for (const [index, json] of looser.slice(0, 4).entries()) {
      const refused = await call('/jobs', { json: { ...json, key: `mine-${index}` }, as: 'ana' });
      expect(refused.json.code).toBe('owner_needed');
    }
    const renamed = { ...heavy, title: 'Deploy it', timeout: '5m' };
    const kept = await call('/jobs/deploy', { method: 'PUT', json: renamed, as: 'ana' });
    expect(kept.json.job).toMatchObject({ version: 2, heavy: true, approval: { quorum: 2 } });
    const [, , , last] = looser;
    expect((await call('/jobs/deploy', { method: 'PUT', json: last, as: 'boss' })).status).toBe(200);
  });

  test('what is made and changed is on record, and what is refused is not', async () => {
    const { call, store } = await world();
    await call('/jobs', { json: DEMO, as: 'ana' });
    await call('/jobs', { json: DEMO, as: 'ana' });
    await call('/jobs/hello', { method: 'PUT', json: { demo: {}, approval: { quorum: 2 } }, as: 'ana' });
    await call('/jobs/hello', { method: 'PUT', json: { demo: {}, approval: { quorum: 2 } }, as: 'boss' });
    const records = await store.runs.history('system');
    expect(records.map(({ type, actor, payload }) => [type, actor, payload])).toEqual([
      ['JobCreated', 'user:http:ana', { jobKey: 'hello', version: 1, changed: [] }],
      [
        'JobChanged',
        'user:http:boss',
        { jobKey: 'hello', version: 2, changed: ['approval.quorum', 'title'] },
      ],
    ]);
    expect(firstFault(records)).toBeUndefined();
  });

  test('a change is judged on the version that it replaces', async () => {
    let meanwhile = async (): Promise<void> => undefined;
    const { call, store } = await world({
      store: (opened) => ({
        ...opened,
        catalog: {
          ...opened.catalog,
          put: async (put) => {
            const first = meanwhile;
            meanwhile = async () => undefined;
            await first();
            return opened.catalog.put(put);
          },
        },
      }),
    });
    const http = { url: 'https://example.org' };
    expect((await call('/jobs', { json: { key: 'deploy', http }, as: 'ana' })).status).toBe(201);
    // An owner asks for a second yes between the look of an operator and the write.
    meanwhile = async () => {
      const json = { http, approval: { quorum: 2 } };
      expect((await call('/jobs/deploy', { method: 'PUT', json, as: 'boss' })).status).toBe(200);
    };
    const late = await call('/jobs/deploy', { method: 'PUT', json: { http }, as: 'ana' });
    expect(late.json.code).toBe('owner_needed');
    expect((await store.catalog.find('deploy'))?.spec.approval.quorum).toBe(2);
  });

  test.each(['ci', 'screen'] as const)('%s may not change the catalog at all', async (as) => {
    const { call } = await world();
    expect((await call('/jobs', { json: DEMO, as })).json.code).toBe('permission_needed');
  });

  test.each([
    ['a misspelt field', { ...DEMO, titel: 'x' }, 422, 'invalid_job'],
    ['two targets', { ...DEMO, http: { url: 'https://example.org' } }, 422, 'invalid_job'],
    ['a bad key', { ...DEMO, key: 'No Key' }, 400, 'invalid_body'],
    ['no key', { title: 'x', demo: {} }, 400, 'invalid_body'],
    ['no object', [], 400, 'invalid_body'],
  ])('%s is refused in words', async (_what, json, status, code) => {
    const { call } = await world();
    const answer = await call('/jobs', { json });
    expect(answer.json).toMatchObject({ status, code });
    expect(answer.json.problems.length).toBeGreaterThan(0);
    expect((await call('/jobs')).json.jobs).toEqual([]);
  });

  test('a person of the dev profile has the rights of that person', async () => {
    const { call, store } = await world();
    const fay = { id: 'fay', name: 'Fay', roles: ['owner'], identities: ['dev:fay'] };
    await store.people.replaceFilePeople([fay], noon);
    const headers = { 'x-textops-user': 'fay' };
    expect((await call('/jobs', { json: COMMAND, headers })).status).toBe(201);
    expect((await call('/jobs', { json: { ...COMMAND, key: 'other' } })).json.code).toBe('owner_needed');
  });

  test('versions are told apart, field by field', async () => {
    const { call } = await world();
    await call('/jobs', { json: { ...DEMO, timeout: '10m', params: { db: { default: 'main' } } } });
    expect((await call('/jobs/hello/versions')).json.diff).toEqual({ from: 1, to: 1, changes: [] });
    await call('/jobs/hello', { method: 'PUT', json: { title: 'Say hello', demo: {}, timeout: '5m' } });
    await call('/jobs/hello', { method: 'PUT', json: { title: 'Louder', demo: {}, timeout: '5m' } });
    const { versions, diff } = (await call('/jobs/hello/versions')).json;
    expect(versions.map((job: { version: number }) => job.version)).toEqual([1, 2, 3]);
    expect(diff).toEqual({
      from: 2,
      to: 3,
      changes: [{ path: 'title', before: 'Say hello', after: 'Louder' }],
    });
    const all = (await call('/jobs/hello/versions?from=1&to=3')).json.diff.changes;
    expect(all.map(({ path }: { path: string }) => path)).toEqual(['params.db', 'timeoutMs', 'title']);
    expect(all[0]).toEqual({
      path: 'params.db',
      before: { type: 'string', required: false, default: 'main' },
    });
    expect((await call('/jobs/hello/versions?to=x')).json.code).toBe('invalid_query');
    expect((await call('/jobs/helo/versions')).json.code).toBe('unknown_job');
  });

  test('a key never changes', async () => {
    const { call } = await world();
    await call('/jobs', { json: DEMO });
    const renamed = await call('/jobs/hello', { method: 'PUT', json: { ...DEMO, key: 'bye' } });
    expect(renamed.json).toMatchObject({ status: 422, code: 'key_mismatch' });
    expect((await call('/jobs/hello', { method: 'PUT', json: DEMO })).status).toBe(200);
  });
});
