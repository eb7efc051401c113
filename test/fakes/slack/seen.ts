import type { Posted } from './world.ts';

/** What a person reads: Slack takes its markup away and shows the three characters as themselves. */
export const seenIn = ({ text, blocks }: Posted): string => {
  const shown = blocks.flatMap((block) => [
    ...(block.text === undefined ? [] : [block.text.text]),
    ...(block.elements ?? []).map((button) => button.text.text),
  ]);
  return asRead(shown.length === 0 ? text : shown.join('\n'));
};

const asRead = (mrkdwn: string): string =>
  mrkdwn
    .replaceAll(/<!date\^\d+\^[^|>]*\|([^>]*)>/g, '$1')
    .replaceAll(/<@([A-Z0-9]+)>/g, '@$1')
    .replaceAll(/```\n?|`/g, '')
    .replaceAll(/(^|\s)\*([^*\n]+)\*(?=\s|$)/gm, '$1$2')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');
