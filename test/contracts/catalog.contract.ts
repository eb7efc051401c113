import { describe, expect } from 'vitest';
import { firstFault } from '../../src/core/runs/chain.ts';
import { spec, T0 } from './given.ts';
import { lawsOf, type OpenBackend } from './with-backend.ts';

const BY = 'user:http:ci';

export const catalogContract = (open: OpenBackend): void => {
  const law = lawsOf(open);
  describe('catalog', () => {
    law('a changed definition is a new version; the old one stays as it was', async ({ store }) => {
      const { catalog } = store;
      const one = { key: 'backup', spec: spec() };
      const changed = { key: 'backup', spec: spec({ title: 'Backup, all of it' }) };
      expect(await catalog.replaceFileJobs([one], 'file', T0)).toEqual([
        { key: 'backup', version: 1, change: 'new' },
      ]);
      expect(await catalog.replaceFileJobs([one], 'file', T0)).toEqual([]);
      expect(await catalog.replaceFileJobs([changed], 'file', T0)).toEqual([
        { key: 'backup', version: 2, change: 'changed' },
      ]);
      expect(await catalog.find('backup')).toEqual({ ...changed, version: 2, source: 'file' });
      expect(await catalog.version('backup', 1)).toEqual({ ...one, version: 1, source: 'file' });
      expect((await catalog.versions('backup')).map(({ version }) => version)).toEqual([1, 2]);
    });

    law('a job that left the file is retired, and comes back as it was', async ({ store }) => {
      const { catalog } = store;
      const jobs = ['a', 'b'].map((key) => ({ key, spec: spec() }));
      await catalog.replaceFileJobs(jobs, 'sample', T0);
      expect(await catalog.replaceFileJobs(jobs.slice(0, 1), 'sample', T0)).toEqual([
        { key: 'b', version: 1, change: 'retired' },
      ]);
      expect(await catalog.find('b')).toBeUndefined();
      expect((await catalog.list()).map(({ key }) => key)).toEqual(['a']);
      expect(await catalog.version('b', 1)).toBeDefined();
      expect(await catalog.replaceFileJobs(jobs, 'sample', T0)).toEqual([
        { key: 'b', version: 1, change: 'new' },
      ]);
    });

    law('jobs of the API are made once, changed by versions, and survive the file', async ({ store }) => {
      const { catalog } = store;
      await catalog.replaceFileJobs([{ key: 'filed', spec: spec() }], 'file', T0);
      const put = (key: string, mode: 'create' | 'change') =>
        catalog.put({ key, spec: spec(), mode, by: BY, at: T0 });
      expect(await put('api', 'change')).toBe('unknown');
      expect(await put('api', 'create')).toMatchObject({ key: 'api', version: 1, source: 'api' });
      expect(await put('api', 'create')).toBe('exists');
      expect(await put('api', 'change')).toMatchObject({ version: 2 });
      expect(await put('filed', 'create')).toBe('exists');
      expect(await put('filed', 'change')).toBe('owned_by_file');
      await catalog.replaceFileJobs([], 'file', T0);
      expect((await catalog.list()).map(({ key }) => key)).toEqual(['api']);
    });

    law('a change that was judged on an older version changes nothing', async ({ store, other }) => {
      const change = (on: typeof store, from: number) =>
        on.catalog.put({ key: 'api', spec: spec(), mode: 'change', by: BY, from, at: T0 });
      await store.catalog.put({ key: 'api', spec: spec(), mode: 'create', by: BY, at: T0 });
      expect(await change(other, 1)).toMatchObject({ version: 2 });
      expect(await change(store, 1)).toBe('stale_version');
      expect(await store.catalog.versions('api')).toHaveLength(2);
      const both = await Promise.all([change(store, 2), change(other, 2)]);
      expect(both.filter((one) => one === 'stale_version')).toHaveLength(1);
    });

    law('every change is on record with who made it and what it touched', async ({ store }) => {
      const { catalog, runs } = store;
      const put = (mode: 'create' | 'change', changed: Parameters<typeof spec>[0]) =>
        catalog.put({ key: 'api', spec: spec(changed), mode, by: BY, at: T0 });
      await catalog.replaceFileJobs([{ key: 'filed', spec: spec() }], 'file', T0, 'system:file');
      await catalog.replaceFileJobs([{ key: 'filed', spec: spec() }], 'file', T0, 'system:file');
      await put('create', {});
      await put('change', { title: 'Another', heavy: true });
      expect(await put('create', {})).toBe('exists');
      await catalog.replaceFileJobs([], 'file', T0, 'system:file');
      const history = await runs.history('system');
      expect(history.map(({ type, actor, payload }) => [type, actor, payload])).toEqual([
        ['JobCreated', 'system:file', { jobKey: 'filed', version: 1, changed: [] }],
        ['JobCreated', BY, { jobKey: 'api', version: 1, changed: [] }],
        ['JobChanged', BY, { jobKey: 'api', version: 2, changed: ['heavy', 'title'] }],
        ['JobRetired', 'system:file', { jobKey: 'filed', version: 1, changed: [] }],
      ]);
      await catalog.replaceFileJobs([{ key: 'filed', spec: spec() }], 'file', T0, 'system:file');
      await catalog.replaceFileJobs([{ key: 'api', spec: spec({ heavy: true }) }], 'file', T0, 'system:file');
      const news = (await runs.history('system')).slice(history.length);
      expect(news.map(({ type, payload }) => [type, payload])).toEqual([
        ['JobCreated', { jobKey: 'filed', version: 1, changed: [] }],
        ['JobChanged', { jobKey: 'api', version: 3, changed: ['title', 'source'] }],
        ['JobRetired', { jobKey: 'filed', version: 1, changed: [] }],
      ]);
    });

    law('changes at the same moment, stand one behind the other', async (there) => {
      const { store, other } = there;
      const made = await Promise.all(
        [store, other, store, other].map((on, index) =>
          on.catalog.put({ key: `job-${index}`, spec: spec(), mode: 'create', by: BY, at: T0 }),
        ),
      );
      expect(made.map((one) => typeof one)).toEqual(['object', 'object', 'object', 'object']);
      const history = await store.runs.history('system');
      expect(history).toHaveLength(4);
      expect(firstFault(history)).toBeUndefined();
      const { seq, hash } = await store.runs.head('system');
      expect([seq, hash]).toEqual([4, history.at(-1)?.hash]);
    });

    law('two processes that start with the same file agree', async ({ store, other }) => {
      const jobs = ['a', 'b', 'c'].map((key) => ({ key, spec: spec() }));
      await Promise.all([
        store.catalog.replaceFileJobs(jobs, 'file', T0, 'system:file'),
        other.catalog.replaceFileJobs(jobs, 'file', T0, 'system:file'),
      ]);
      expect((await store.catalog.list()).map(({ version }) => version)).toEqual([1, 1, 1]);
      expect(await store.runs.history('system')).toHaveLength(3);
    });
  });
};
