import { oneLine } from '../voice/plain-text.ts';
import type { Voice } from '../voice/voice.ts';
import type { Finding } from './finding.ts';

/** One line each, with what to do about it. */
export const sayFindings = (voice: Voice, findings: readonly Finding[]): void => {
  for (const { what, state, words, cure } of findings) {
    const line = oneLine(`${what}: ${words}${cure === undefined ? '' : ` → ${cure}`}`);
    voice.data(`${voice.paint(COLOURS[state], MARKS[state])} ${line}`);
  }
};

/** One check may find several things. */
export const checksFailed = (findings: readonly Finding[]): string => {
  const checks = new Set(findings.map(({ what }) => what));
  const failed = new Set(findings.filter(({ state }) => state === 'bad').map(({ what }) => what));
  return `${failed.size} of ${checks.size} checks failed.`;
};

export const isSick = (findings: readonly Finding[]): boolean =>
  findings.some(({ state }) => state === 'bad');

const MARKS = { ok: '✔', warning: '⚠', bad: '✖' } as const;
const COLOURS = { ok: 'green', warning: 'yellow', bad: 'red' } as const;
