import { join } from 'node:path';
import { z } from 'zod';
import { STANDINGS, type Standing } from '../../core/flows/ops/standing.ts';
import { readManifest } from '../release/manifest.ts';
import type { Entry } from './ledger.ts';
import { ofRelease } from './of-release.ts';
import { currentId, type Place } from './place.ts';

/** What `deploy` and `rollback` say of a change of release, when it begins and when it is settled. */
export const News = z.object({
  at: z.string(),
  action: z.enum(['deploy', 'rollback', 'config']),
  phase: z.enum(['begun', 'healthy', 'returned', 'failed']),
  to: z.string(),
  from: z.string().nullable(),
  who: z.string(),
  seconds: z.number(),
  reason: z.string().nullable(),
});
export type News = z.output<typeof News>;

/** For the log alone; the release that is brought here says it itself. */
export const tellBegin = async (
  place: Place,
  begun: Pick<Entry, 'at' | 'action' | 'from' | 'to' | 'who'>,
): Promise<void> => {
  await tell(place, begun.to, { ...(await named(place, begun)), phase: 'begun', seconds: 0, reason: null });
};

/** To the chat of those who run the installation as well. The words why they did not hear of it, if they did not. */
export const tellEnd = async (place: Place, entry: Entry): Promise<string | undefined> => {
  const id = currentId(place);
  if (id === undefined || entry.result === 'refused') return undefined;
  const { result: phase, seconds, reason } = entry;
  return tell(place, id, { ...(await named(place, entry)), phase, seconds, reason });
};

/** What the incidents on its record say of the release that runs; undefined when it cannot say. */
export const askStanding = async (place: Place, id: string, since: string): Promise<Standing | undefined> => {
  const { code, stdout } = await ofRelease(place, id, ['release', 'stood', '--since', since]);
  return code === 0 ? STANDINGS.find((one) => one === stdout.trim()) : undefined;
};

const tell = async (place: Place, by: string, news: News): Promise<string | undefined> => {
  const { code, lines } = await ofRelease(place, by, ['release', 'tell', JSON.stringify(news)]);
  return code === 0 ? undefined : (lines.at(-1) ?? `exit ${code}`);
};

/** By version and commit, as far as the releases are still there to say it. */
const named = async (
  place: Place,
  {
    at,
    action,
    who,
    from,
    to,
    configHash,
  }: Pick<Entry, 'at' | 'action' | 'from' | 'to' | 'who'> & Partial<Entry>,
): Promise<Pick<News, 'at' | 'action' | 'who' | 'from' | 'to'>> => ({
  at,
  action,
  who,
  from: from === null || action === 'config' ? null : await nameOf(place, from),
  to: action === 'config' ? (configHash ?? '') : await nameOf(place, to),
});

const nameOf = async ({ releases }: Place, id: string): Promise<string> => {
  const manifest = await readManifest(join(releases, id));
  return manifest === undefined ? id : `${manifest.version} (${manifest.commit.slice(0, 7)})`;
};
