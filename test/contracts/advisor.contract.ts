import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Advisors, AskableJob, RequestFacts, RequestHistory } from '../../src/core/ports/advisor.ts';
import { parse } from '../../src/core/text/grammar/parse.ts';
import { noon, RUN } from '../cast.ts';
import { eventsOf, play, jobs as someJobs, steps } from '../core/runs/random-runs.ts';

export interface AdvisorsUnderTest {
  readonly advisors: Required<Advisors>;
  /** Words that this one reads, and what it makes of them. */
  readonly read: readonly { readonly text: string; readonly as: string }[];
  /** Words in which it finds no request, or none that it is sure of. */
  readonly unread: readonly string[];
  readonly calm: Partial<RequestHistory>;
  readonly alarming: Partial<RequestHistory>;
}

/** The basic alphabet of a text message, as the network counts it. */
const GSM_ALPHABET = new Set(
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿' +
    'abcdefghijklmnopqrstuvwxyzäöñüà',
);

const JOBS: readonly AskableJob[] = [
  { key: 'backup', title: 'Back up the main database', params: ['db'] },
  { key: 'restart-web', title: 'Rolling restart of the web tier', params: ['env', 'hosts'] },
  { key: 'report', title: 'Weekly usage report', params: [] },
];

const facts = (history: Partial<RequestHistory>): RequestFacts => ({
  job: { key: 'backup', version: 1, title: 'Back up', kind: 'command', heavy: false },
  params: { db: 'main' },
  requesterId: 'ana',
  at: noon,
  history: { today: 0, before: { requests: 0, days: 30 }, failedInRow: 0, nearThisHour: 0, ...history },
});

const soon = (): AbortSignal => AbortSignal.timeout(10_000);

/** What core may rely on from whoever advises. It relies on nothing of it blindly. */
export const advisorContract = (name: string, under: AdvisorsUnderTest): void => {
  describe(`advisors: ${name}`, () => {
    readerLaws(under);
    scorerLaws(under);
    summarizerLaws(under);
  });
};

const readerLaws = ({ advisors, read, unread }: AdvisorsUnderTest): void => {
  const { parser } = advisors;
  const reading = (text: string, jobs = JOBS) => parser.read(frozen({ text, jobs }), soon());

  test.each(read)('a reading is a line of the grammar for one of the jobs: $text', async ({ text, as }) => {
    const found = await reading(text);
    expect(found?.read).toBe(as);
    expect(found?.confidence).toBeGreaterThan(0.7);
    expect(found?.confidence).toBeLessThanOrEqual(1);
    const intent = parse(found?.read ?? '');
    expect(intent).toMatchObject({ type: 'RunJob', args: { stray: [] } });
    expect(JOBS.map(({ key }) => key)).toContain(intent.type === 'RunJob' ? intent.job : '');
  });

  test.each(unread)('nothing is read, or nothing for sure: %s', async (text) => {
    const found = await reading(text);
    expect(found?.confidence ?? 0).toBeLessThan(0.7);
  });

  test.each(read)('a job that the writer may not ask for is never read: $text', async ({ text, as }) => {
    const others = JOBS.filter(({ key }) => !as.includes(key));
    expect((await reading(text, others))?.read).not.toBe(as);
  });
};

const scorerLaws = ({ advisors, calm, alarming }: AdvisorsUnderTest): void => {
  const { scorer } = advisors;

  test('an ordinary request scores low, an unusual one high and says in words why', async () => {
    const low = await scorer.score(frozen(facts(calm)), soon());
    expect(low.score).toBeLessThanOrEqual(0.7);
    const high = await scorer.score(frozen(facts(alarming)), soon());
    expect(high.score).toBeGreaterThan(0.7);
    expect(high.words).toMatch(/^\S[^\n]*\S$/);
  });

  test('a score is a number from 0 to 1, whatever happened before', async () => {
    const count = fc.nat(200);
    const before = fc.record({ requests: count, days: fc.nat(30) });
    const history = fc.record({ today: count, before, failedInRow: count, nearThisHour: count });
    await fc.assert(
      fc.asyncProperty(history, async (each) => {
        const { score, words } = await scorer.score(frozen(facts(each)), soon());
        expect(score).toBeGreaterThanOrEqual(0);
        expect(score).toBeLessThanOrEqual(1);
        expect(score === 0 || words !== '').toBe(true);
      }),
    );
  });
};

const summarizerLaws = ({ advisors }: AdvisorsUnderTest): void => {
  const { summarizer } = advisors;

  test('every history fits into one text message of 160 characters', async () => {
    const words = fc.string({ unit: 'binary', maxLength: 400 });
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...someJobs), steps, words, async (job, story, said) => {
        const events = eventsOf(play(job, story)).map((event) =>
          'Summary' in event.payload
            ? // A summary is whatever a job has written.
              ({ ...event, payload: { ...event.payload, Summary: said } } as typeof event)
            : event,
        );
        const line = await summarizer.summarize(frozen({ runId: RUN, events }), soon());
        expect(line).not.toBe('');
        expect(line.length).toBeLessThanOrEqual(160);
        expect([...line].filter((letter) => !GSM_ALPHABET.has(letter) || letter === '\n')).toEqual([]);
      }),
    );
  });

  test('a history without events is no reason to fail', async () => {
    expect(await summarizer.summarize(frozen({ runId: RUN, events: [] }), soon())).not.toBe('');
  });
};

/** A question is for reading only; whoever writes on it fails here. */
const frozen = <T>(value: T): T => {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const part of Object.values(value)) frozen(part);
  }
  return value;
};
