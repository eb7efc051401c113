import { describe, expect, test } from 'vitest';
import {
  type Advice,
  adviceOf,
  QUESTIONS_MAX,
  QUESTIONS_PER_PERSON,
} from '../../../src/core/flows/runs/advice.ts';
import type { Advisors, RequestFacts } from '../../../src/core/ports/advisor.ts';
import type { Observation } from '../../../src/core/ports/observe.ts';
import { advisorLines } from '../../../src/core/text/cards/advisor-status.ts';
import { plainLines } from '../../../src/core/text/cards/plain.ts';
import { minutes, noon, RUN } from '../../cast.ts';
import { never, type Script, scriptedModel, throws } from '../../fakes/model.ts';

const ana = { personId: 'ana', at: noon };
const question = async () => ({ text: 'mach mal', jobs: [{ key: 'backup', title: '', params: [] }] });
const timeline = async () => ({ runId: RUN, events: [] });
const facts = async (): Promise<RequestFacts> => ({
  job: { key: 'backup', version: 1, title: '', kind: 'command', heavy: false },
  params: { db: 'main' },
  requesterId: 'ana',
  at: noon,
  history: { today: 0, before: { requests: 0, days: 30 }, failedInRow: 0, nearThisHour: 0 },
});

const advice = (script: Script, deadline: () => AbortSignal = () => new AbortController().signal) => {
  const seen: Observation[] = [];
  const model = scriptedModel(script);
  const given = adviceOf({ advisors: () => model, deadline, observe: (one) => void seen.push(one) });
  return { ...given, seen, model };
};

const outcomes = ({ seen }: { readonly seen: readonly Observation[] }): readonly string[] =>
  seen.flatMap((one) => (one.kind === 'advice' ? [`${one.advisor} ${one.outcome}`] : []));

const all = async ({ read, risk, summary }: Advice): Promise<readonly unknown[]> => [
  await read(ana, question),
  await risk(ana, facts),
  await summary(ana, timeline),
];

describe('an advisor is asked', () => {
  test('and its answer is taken when it has the right shape', async () => {
    const house = advice({
      read: () => ({ read: 'run backup', confidence: 0.9, and: 'more' }),
      score: () => ({ score: 0.734, words: 'third run today' }),
      summarize: () => 'backup\nran',
    });
    expect(await all(house)).toEqual([
      { read: 'run backup', confidence: 0.9 },
      { score: '0.73', words: 'third run today' },
      'backup ran',
    ]);
    expect(outcomes(house)).toEqual(['parse answered', 'risk answered', 'summary answered']);
  });

  test('with a frozen copy of plain data, and nothing that could be called', async () => {
    const house = advice({});
    const { model, risk, read } = house;
    const own = { text: 'x', jobs: [{ key: 'backup', title: '', params: ['db'] }] };
    await read(ana, async () => own);
    await risk(ana, facts);
    for (const each of [...model.asked.read, ...model.asked.score]) {
      expect(JSON.parse(JSON.stringify(each))).toEqual(each);
      expect(isFrozen(each)).toBe(true);
    }
    expect(Object.isFrozen(own.jobs[0]?.params)).toBe(false);
  });

  test('never, where there is none; then nothing is put together for it either', async () => {
    const bare = adviceOf({
      advisors: (): Advisors => ({}),
      deadline: () => AbortSignal.abort(),
      observe: throws,
    });
    expect(await bare.read(ana, throws)).toBeUndefined();
    expect(await bare.risk(ana, throws)).toBeUndefined();
    expect(await bare.summary(ana, throws)).toBeUndefined();
  });

  test('a score of 0.70 is no warning, and what is above it in two decimals is one', async () => {
    const scored = (score: number) => advice({ score: () => ({ score, words: 'odd' }) }).risk(ana, facts);
    expect(await scored(0.7)).toBeUndefined();
    expect(await scored(0.7049)).toBeUndefined();
    expect(await scored(0.705)).toEqual({ score: '0.71', words: 'odd' });
    expect(await scored(1)).toEqual({ score: '1.00', words: 'odd' });
  });
});

describe('without an answer things go on as if nobody had been asked', () => {
  test('when it throws, at once or later', async () => {
    for (const script of [
      { read: throws, score: throws, summarize: throws },
      {
        read: () => Promise.reject(new Error('later')),
        score: () => Promise.reject(new Error('later')),
        summarize: () => Promise.reject(new Error('later')),
      },
    ]) {
      const house = advice(script);
      expect(await all(house)).toEqual([undefined, undefined, undefined]);
      expect(outcomes(house)).toEqual(['parse failed', 'risk failed', 'summary failed']);
    }
    const rude = { read: throws };
    const house = adviceOf({
      advisors: () => ({ parser: rude }),
      deadline: () => new AbortController().signal,
      observe: () => undefined,
    });
    expect(await house.read(ana, question)).toBeUndefined();
  });

  test('when it hangs and does not listen to its signal', async () => {
    const house = advice({ read: never, score: never, summarize: never }, () => AbortSignal.timeout(1));
    expect(await all(house)).toEqual([undefined, undefined, undefined]);
    expect(outcomes(house)).toEqual(['parse late', 'risk late', 'summary late']);
  });

  test('when the time was over before it began', async () => {
    const house = advice({ read: never }, () => AbortSignal.abort());
    expect(await house.read(ana, question)).toBeUndefined();
    expect(outcomes(house)).toEqual(['parse late']);
  });

  test('when it says nothing', async () => {
    const house = advice({ read: () => undefined });
    expect(await house.read(ana, question)).toBeUndefined();
    expect(outcomes(house)).toEqual(['parse answered']);
  });

  const trap = {
    get read() {
      return throws();
    },
    get score() {
      return throws();
    },
  };
  test.each<[string, unknown, string]>([
    ['null', null, 'unusable'],
    ['a number', 7, 'unusable'],
    ['a list', ['run backup', 1], 'unusable'],
    ['nothing in it', {}, 'unusable'],
    ['a function', { read: () => 'run backup', confidence: 1, score: '1', words: 'x' }, 'unusable'],
    ['more than certain', { read: 'run backup', confidence: 1.1, score: 2, words: 'x' }, 'unusable'],
    ['less than nothing', { read: 'run backup', confidence: -1, score: -1, words: 'x' }, 'unusable'],
    ['no number', { read: 'run backup', confidence: Number.NaN, score: Number.NaN, words: 'x' }, 'unusable'],
    ['a novel', { read: 'run '.repeat(200), confidence: 1, score: 1, words: '🚨' }, 'unusable'],
    ['no words', { read: 7, confidence: 1, score: 1 }, 'unusable'],
    ['a trap', trap, 'failed'],
  ])('when it answers with %s', async (_, answer, outcome) => {
    const house = advice({ read: () => answer, score: () => answer });
    expect(await house.read(ana, question)).toBeUndefined();
    expect(await house.risk(ana, facts)).toBeUndefined();
    expect(outcomes(house)).toEqual([`parse ${outcome}`, `risk ${outcome}`]);
  });

  test.each([null, 7, {}, '', ' \n ', '\u202E'])('when its summary is %j', async (answer) => {
    const house = advice({ summarize: () => answer });
    expect(await house.summary(ana, timeline)).toBeUndefined();
    expect(outcomes(house)).toEqual(['summary unusable']);
  });

  test('but a question that cannot be put together is a fault of ours and is thrown', async () => {
    await expect(advice({}).risk(ana, throws)).rejects.toThrow('the model is out');
  });
});

describe('a burst', () => {
  test('of one person is answered without advice, until a minute has passed; others are heard', async () => {
    const house = advice({ read: () => ({ read: 'run backup', confidence: 1 }) });
    const answers: unknown[] = [];
    for (let n = 0; n < QUESTIONS_PER_PERSON + 5; n += 1) answers.push(await house.read(ana, question));
    expect(answers.filter((answer) => answer !== undefined)).toHaveLength(QUESTIONS_PER_PERSON);
    expect(house.model.asked.read).toHaveLength(QUESTIONS_PER_PERSON);
    expect(outcomes(house).filter((each) => each === 'parse limited')).toHaveLength(5);
    expect(await house.read({ ...ana, personId: 'bob' }, question)).toBeDefined();
    expect(await house.summary(ana, timeline)).toBeDefined();
    expect(await house.read({ ...ana, at: noon + minutes(1) }, question)).toBeDefined();
  });

  test('of many people reaches the cap, and the status says so', async () => {
    const house = advice({ score: () => ({ score: 1, words: 'odd' }) });
    const ask = (n: number) => house.risk({ personId: `p${n}`, at: noon }, facts);
    for (let n = 0; n < QUESTIONS_MAX; n += 1) expect(await ask(n)).toBeDefined();
    expect(await ask(QUESTIONS_MAX)).toBeUndefined();
    const [parse, risk] = house.status(noon);
    expect(parse).toMatchObject({ advisor: 'parse', on: true, left: QUESTIONS_MAX });
    expect(risk).toMatchObject({ outcomes: { answered: QUESTIONS_MAX, limited: 1 }, left: 0 });
    expect(plainLines(advisorLines(house.status(noon)))).toEqual([
      'Advisors of this process, since it began. Everything else works without them.',
      'parse    on   0 answered · 200 left this minute',
      'risk     on   200 answered, 1 limited · cap reached',
      'summary  on   0 answered · 200 left this minute',
    ]);
    expect(house.status(noon + minutes(1))[1]?.left).toBe(QUESTIONS_MAX);
  });
});

test('an advisor that is switched off keeps its counts', () => {
  const house = adviceOf({ advisors: () => ({}), deadline: () => AbortSignal.abort(), observe: throws });
  expect(plainLines(advisorLines(house.status(noon)))[1]).toBe('parse    off  0 answered');
});

const isFrozen = (value: unknown): boolean =>
  typeof value !== 'object' ||
  value === null ||
  (Object.isFrozen(value) && Object.values(value).every((part) => isFrozen(part)));
