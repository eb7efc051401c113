import type { Delivery } from '../../core/ports/channel.ts';
import { type Brief, fitted } from '../../core/text/cards/brief.ts';
import { plainLines } from '../../core/text/cards/plain.ts';
import { gsmWhole, septets } from '../../core/text/sms/gsm.ts';

/** One text message in its basic alphabet. A second one would cost twice and may come first. */
export const SEPTETS_MAX = 160;

/** One text message, whatever it has to say. */
export const render = (content: Delivery['content']): string => {
  const brief = content.brief ?? [{ words: fallback(content), drop: 1, cut: true }];
  return fitted(brief.map(inAlphabet), SEPTETS_MAX, septets);
};

const inAlphabet = (piece: Brief[number]): Brief[number] =>
  typeof piece === 'string' ? asText(piece) : { ...piece, words: asText(piece.words) };

/** Pictures are decoration everywhere, and one of them would turn the whole message into one of 70 letters. */
const asText = (words: string): string =>
  gsmWhole(
    words
      .replaceAll(/\p{Extended_Pictographic}[\uFE0F\u200D\p{Emoji_Modifier}]*\s?/gu, '')
      .replaceAll(' · ', ', '),
  );

/** What has no short form of its own: our name, and the words of every other channel, one line behind the other. */
const fallback = (content: Delivery['content']): string => {
  const lines = (content.plain?.split('\n') ?? linesOf(content)).map((line) => line.trim());
  const words = lines.filter((line) => line !== '').join(' / ');
  return `TextOps: ${words.replace(/^You\b/, 'you').replaceAll(SLASHED, asCommand)}`;
};

const linesOf = (content: Delivery['content']): readonly string[] => {
  if (content.kind === 'card') {
    const { title, runId, badges, lines } = content.card;
    return [[title, runId, ...badges].join(', '), ...plainLines(lines)];
  }
  const { lines, pre = [], after = [] } = content.note;
  return [...plainLines(lines), ...pre, ...plainLines(after)];
};

const SLASHED = /(?<![\w/.])\/([a-z]{2,12})\b(?!\/)/g;

/** Commands have no slash here, and two of them are words that the carrier would act on. */
const asCommand = (_: string, word: string): string => (INSTEAD[word] ?? word).toUpperCase();

const INSTEAD: Readonly<Record<string, string>> = { cancel: 'drop', help: 'menu' };
