import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { render, SEPTETS_MAX } from '../../../src/bot/sms/render.ts';
import { isPreviewPending } from '../../../src/core/runs/decide-preview.ts';
import type { RunEvent } from '../../../src/core/runs/event.ts';
import type { LiveRun } from '../../../src/core/runs/run.ts';
import { type Brief, fitted } from '../../../src/core/text/cards/brief.ts';
import { gsmWhole, septets } from '../../../src/core/text/sms/gsm.ts';
import { statusText } from '../../../src/core/text/sms/text-answers.ts';
import { textNews } from '../../../src/core/text/sms/text-news.ts';
import { RUN } from '../../cast.ts';
import { jobs, play, steps } from '../../core/runs/random-runs.ts';
import { segmentsOf } from '../../fakes/twilio/segments.ts';

const bodyOf = (brief: Brief): string => render({ kind: 'note', note: { lines: [], actions: [] }, brief });

/** Words as people, jobs and processes write them, whatever they write. */
const words = fc.string({ unit: 'binary', maxLength: 200 });
const key = fc.stringMatching(/^[a-z0-9][a-z0-9._-]{0,62}$/);

/** The same run with other words in it. */
const dressed = (run: LiveRun, jobKey: string, said: string): LiveRun => ({
  ...run,
  jobKey,
  params: { note: said },
  defaulted: [],
  requester: { ...run.requester, ...(run.requester.kind === 'person' ? { name: said } : {}) },
  ...('summary' in run ? { summary: said } : {}),
});

const dressedEvent = (event: RunEvent, said: string): RunEvent => {
  const payload: Record<string, unknown> = { ...event.payload };
  for (const name of ['Summary', 'name', 'reason']) {
    if (typeof payload[name] === 'string' && event.type !== 'ApprovalVoided') payload[name] = said;
  }
  return { ...event, payload } as RunEvent;
};

describe('whatever happens to a run', () => {
  test('every text about it is one message that names it, and a question says how and until when', () => {
    fc.assert(
      fc.property(
        fc.nat(jobs.length - 1),
        steps,
        key,
        words,
        fc.boolean(),
        (which, story, jobKey, said, zoned) => {
          const job = jobs[which];
          if (job === undefined) return;
          const reader = zoned ? { timezone: 'Pacific/Chatham' } : {};
          for (const { decision, after } of play(job, story)) {
            if (!decision.ok || after.status === 'absent') continue;
            const run = dressed(after, jobKey, said);
            const events = decision.events.map((event) => dressedEvent(event, said));
            for (const place of ['home', 'asked'] as const) {
              const address = place === 'home' ? 'sms:+15005550001' : 'sms:+15005550002';
              for (const { content } of textNews(run, events, { address, reader, place, version: 99 })) {
                if (content.brief === undefined) throw new Error('no short form');
                const body = bodyOf(content.brief);
                expect([segmentsOf(body), body]).toEqual([1, body]);
                expect(body).toContain(RUN);
              }
            }
            expect(segmentsOf(bodyOf(statusText(run, reader, 0)))).toBe(1);
            const asks = events.some(({ type }) => type === 'ApprovalRequested');
            if (!asks || run.status !== 'AwaitingApproval' || isPreviewPending(run) || run.heavy) continue;
            const [question] = textNews(
              run,
              events.filter(({ type }) => type === 'ApprovalRequested'),
              {
                address: 'sms:+15005550002',
                reader,
                place: 'asked',
                version: 99,
              },
            );
            const body = bodyOf(question?.content.brief ?? []);
            expect(body).toMatch(new RegExp(`Reply YES ${RUN} .*NO ${RUN}.*\\d\\d:\\d\\d`));
          }
        },
      ),
      { numRuns: 300 },
    );
  });
});

describe('any words', () => {
  test('become one message of the alphabet', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 2000 }), (said) => {
        const body = render({ kind: 'note', note: { lines: [[said]], actions: [] }, plain: said });
        expect([segmentsOf(body), body]).toEqual([1, body]);
      }),
      { numRuns: 500 },
    );
  });

  test.each([
    ['“Zoë” — naïve…', '"Zoe" - naive...'],
    ['a→b', 'a-b'],
    ['cost: 5 € {ok} [x] ~ ^ \\ |', 'cost: 5 € {ok} [x] ~ ^ \\ |'],
    ['Привет', '??????'],
    ['a\tb\n\nc', 'a b c'],
  ])('%s', (said, body) => {
    expect(gsmWhole(said)).toBe(body);
  });

  test('what the alphabet counts twice counts twice', () => {
    expect([septets('abc'), septets('[a]'), septets('€')]).toEqual([3, 5, 2]);
    expect(
      render({ kind: 'note', note: { lines: [], actions: [] }, brief: ['|'.repeat(100)] }).length,
    ).toBeLessThan(SEPTETS_MAX / 2 + 2);
  });
});

describe('what has no room', () => {
  const brief: Brief = [
    'must ',
    { words: 'first to go ', drop: 1 },
    { words: 'a long detail that may be cut ', drop: 2, cut: true },
    { words: 'last detail ', drop: 3 },
    'stay',
  ];
  const at = (max: number): string => fitted(brief, max, (said) => said.length);

  test('goes in a fixed order, cut before it goes', () => {
    expect(at(200)).toBe('must first to go a long detail that may be cut last detail stay');
    expect(at(60)).toBe('must a long detail that may be cut last detail stay');
    expect(at(40)).toBe('must a long detail th...last detail stay');
    expect(at(25)).toBe('must last detail stay');
    expect(at(12)).toBe('must stay');
  });
});
