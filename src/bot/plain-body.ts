import type { Delivery } from '../core/ports/channel.ts';
import { plainLines } from '../core/text/cards/plain.ts';

/** The wording that stays verbatim where there is one; otherwise the same words without any markup. */
export const plainBody = (content: Delivery['content']): string => {
  if (content.plain !== undefined) return content.plain;
  if (content.kind === 'card') {
    const { title, runId, badges, lines } = content.card;
    return [[title, runId, ...badges].join(' · '), ...plainLines(lines)].join('\n');
  }
  const { lines, pre = [], after = [] } = content.note;
  return [...plainLines(lines), ...pre, ...plainLines(after)].join('\n');
};
