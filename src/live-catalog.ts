import type { LoadedCatalog } from './cli/configuration.ts';
import type { CatalogFile } from './config/catalog-file.ts';
import { parseCatalog } from './config/load-catalog.ts';
import { problemSentence } from './config/problem.ts';
import { watchFile } from './config/watch.ts';
import type { Observe } from './core/ports/observe.ts';
import type { Running } from './core/ports/running.ts';
import type { Store } from './core/ports/store.ts';
import { calendar } from './scheduler/calendar.ts';

export interface LiveCatalogParts {
  readonly store: Store;
  readonly config: LoadedCatalog;
  readonly observe: Observe;
  /** Told what the file says beside jobs and people, whenever it has been taken. */
  readonly onTaken?: (catalog: CatalogFile) => void;
}

/** Puts the file's jobs, people and schedules into the store, and again whenever the file changes. A bad edit changes nothing. */
export const liveCatalog = async ({
  store,
  config,
  observe,
  onTaken,
}: LiveCatalogParts): Promise<Running> => {
  const take = async (catalog: CatalogFile, source: 'file' | 'sample'): Promise<readonly string[]> => {
    const at = await store.now();
    onTaken?.(catalog);
    const changes = await store.catalog.replaceFileJobs(catalog.jobs, source, at);
    await store.people.replaceFilePeople(catalog.people, at);
    const timetable = await store.schedules.replaceFileSchedules(catalog.schedules, calendar, at);
    return [
      ...changes.map(({ key, version, change }) =>
        change === 'retired' ? `${key} retired` : `${key} v${version} (${change})`,
      ),
      ...timetable.map(({ key, change }) => `schedule ${key} (${change})`),
    ];
  };
  await take(config.catalog, config.source);
  return watchFile({
    file: config.file,
    text: config.text,
    onText: async (text) => {
      if (text === undefined) {
        // A first start without a file keeps its samples; a file that vanished keeps its jobs until the next start.
        const problem = `${config.fileName} is gone; the jobs that were read from it stay until the next start`;
        if (config.source === 'file') observe({ kind: 'config_rejected', problems: [problem] });
        return;
      }
      const format = config.file.endsWith('.toml') ? 'toml' : 'yaml';
      const people = (await store.people.list()).map((person) => person.id);
      const result = parseCatalog(text, { fileName: config.fileName, format, people });
      if (result.ok) observe({ kind: 'config_reloaded', changes: await take(result.catalog, 'file') });
      else observe({ kind: 'config_rejected', problems: result.problems.map(problemSentence) });
    },
    onFault: (error) => observe({ kind: 'loop_faulted', loop: 'config watch', error }),
  });
};
