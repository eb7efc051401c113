import type { LoadedCatalog } from '../cli/configuration.ts';
import type { CatalogFile } from '../config/catalog-file.ts';
import { parseCatalog } from '../config/load-catalog.ts';
import { problemSentence } from '../config/problem.ts';
import { watchFile } from '../config/watch.ts';
import { takeFilePeople } from '../core/flows/people/file-people.ts';
import { takeFileSchedules } from '../core/flows/schedules/file-schedules.ts';
import type { Observe } from '../core/ports/observe.ts';
import type { Running } from '../core/ports/running.ts';
import type { Store } from '../core/ports/store.ts';
import { clashWords } from '../core/text/people/people-words.ts';
import { calendar } from '../scheduler/calendar.ts';

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
  const take = async (catalog: CatalogFile, source: 'file' | 'sample') => {
    const at = await store.now();
    onTaken?.(catalog);
    const changes = await store.catalog.replaceFileJobs(catalog.jobs, source, at, `system:${source}`);
    const clashes = await takeFilePeople(store, catalog.people);
    const timetable = await takeFileSchedules(store, calendar, {
      schedules: catalog.schedules,
      ...(catalog.ops?.chat === undefined ? {} : { opsChat: catalog.ops.chat }),
    });
    return {
      clashes: clashes.map(clashWords),
      changes: [
        ...changes.map(({ key, version, change }) =>
          change === 'retired' ? `${key} retired` : `${key} v${version} (${change})`,
        ),
        ...timetable.map(({ key, change }) => `schedule ${key} (${change})`),
      ],
    };
  };
  const { clashes } = await take(config.catalog, config.source);
  // What is there at a start is no news, but somebody has lost something.
  if (clashes.length > 0) observe({ kind: 'config_reloaded', changes: clashes });
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
      if (!result.ok) {
        observe({ kind: 'config_rejected', problems: result.problems.map(problemSentence) });
        return;
      }
      const taken = await take(result.catalog, 'file');
      observe({ kind: 'config_reloaded', changes: [...taken.changes, ...taken.clashes] });
    },
    onFault: (error) => observe({ kind: 'loop_faulted', loop: 'config watch', error }),
  });
};
