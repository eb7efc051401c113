import { describe, expect } from 'vitest';
import { spec, T0 } from './given.ts';
import { lawsOf, type OpenBackend } from './with-backend.ts';

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
        catalog.put({ key, spec: spec(), mode, at: T0 });
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
        on.catalog.put({ key: 'api', spec: spec(), mode: 'change', from, at: T0 });
      await store.catalog.put({ key: 'api', spec: spec(), mode: 'create', at: T0 });
      expect(await change(other, 1)).toMatchObject({ version: 2 });
      expect(await change(store, 1)).toBe('stale_version');
      expect(await store.catalog.versions('api')).toHaveLength(2);
      const both = await Promise.all([change(store, 2), change(other, 2)]);
      expect(both.filter((one) => one === 'stale_version')).toHaveLength(1);
    });

    law('two processes that start with the same file agree', async ({ store, other }) => {
      const jobs = ['a', 'b', 'c'].map((key) => ({ key, spec: spec() }));
      await Promise.all([
        store.catalog.replaceFileJobs(jobs, 'file', T0),
        other.catalog.replaceFileJobs(jobs, 'file', T0),
      ]);
      expect((await store.catalog.list()).map(({ version }) => version)).toEqual([1, 1, 1]);
    });
  });
};
