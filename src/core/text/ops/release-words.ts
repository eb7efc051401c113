import { plainLines } from '../cards/plain.ts';
import type { Line } from '../cards/rich.ts';
import { type Draft, PRIORITY } from '../grammar/draft.ts';

/** What became of a change of release, for those who run the installation. */
export interface ReleaseNews {
  /** When it was settled, as the ledger has it: two of them are never the same. */
  readonly at: string;
  readonly action: 'deploy' | 'rollback' | 'config';
  readonly result: 'healthy' | 'returned' | 'failed';
  /** "1.2.0 (a1b2c3d)" */
  readonly to: string;
  readonly from?: string;
  readonly who: string;
  readonly seconds: number;
  /** Why not; of one that serves, what nobody could find out. */
  readonly reason?: string;
}

/** The same news is owed to a chat once, however often somebody tells it. */
export const releaseDraft = (news: ReleaseNews, address: string): Draft => {
  const lines = releaseLines(news);
  return {
    key: `release:${news.at}:${news.result}`,
    address,
    priority: PRIORITY.prompt,
    content: { kind: 'note', note: { lines, actions: [] }, plain: plainLines(lines).join('\n') },
  };
};

export const releaseLines = (news: ReleaseNews): readonly Line[] => [
  [headline(news)],
  ...(news.reason === undefined ? [] : [[news.reason]]),
];

const headline = ({ action, result, to, from, who, seconds }: ReleaseNews): string => {
  const before = from === undefined ? '' : `, before that ${from}`;
  switch (result) {
    case 'healthy':
      if (action === 'config') return `textops.yaml is back to ${to}, put there by ${who} in ${seconds} s.`;
      return action === 'deploy'
        ? `Release ${to} serves, deployed by ${who} in ${seconds} s${before}.`
        : `Rolled back to ${to} by ${who} in ${seconds} s${before}.`;
    case 'returned':
      if (action === 'config')
        return `⚠️ The configuration ${to} was not taken; what was there before is there again. Tried by ${who}.`;
      return `⚠️ Release ${to} did not serve; ${from ?? 'the one before it'} serves again. Tried by ${who}, ${seconds} s in all.`;
    case 'failed':
      return `🔴 Release ${to} does not serve, and nothing else does. Tried by ${who}, ${seconds} s in all.`;
  }
};
