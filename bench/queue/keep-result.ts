import { keep, kept } from '../report.ts';
import { peerVersions } from './install.ts';
import type { Result } from './results.ts';
import { chapter } from './tables.ts';

/** What bench/results/queue.json holds. */
interface Kept {
  readonly versions: Readonly<Record<string, string>>;
  readonly metrics: Readonly<Record<string, Result>>;
}

/** Puts one metric beside what was measured before: all together take long, so each is kept as soon as it is there. */
export const keepResult = async (order: readonly string[], name: string, result: Result): Promise<void> => {
  // Written by the line below.
  const before = (await kept('queue')) as Kept | undefined;
  const metrics = { ...before?.metrics, [name]: result };
  const versions = await peerVersions();
  const chapters = order.flatMap((one) => {
    const known = metrics[one];
    return known === undefined ? [] : [chapter(one, known)];
  });
  const queues = Object.entries(versions).map(([queue, version]) => `${queue} ${version}`);
  const words = [
    '## Beside other queues',
    `\`npm run bench:queue\` · ${queues.join(', ')}`,
    LEGEND,
    ...chapters,
  ];
  await keep('queue', `${words.join('\n\n')}\n`, { versions, metrics } satisfies Kept);
};

const LEGEND =
  'A figure is the median of the rounds, in brackets the smallest and the largest of them; ≈ was stopped before it was ' +
  'through. Behind it stands ours ÷ this, the median of the rounds’ ratios: ours on the same database, and on PostgreSQL ' +
  'where the other one is on Redis.';
