import { describe, expect, test } from 'vitest';
import { nextToAsk } from '../../../src/core/jobs/guided.ts';
import type { ParamSpec } from '../../../src/core/jobs/job.ts';
import {
  badAnswer,
  firstQuestion,
  nextQuestion,
  plainQuestion,
  questionActions,
} from '../../../src/core/text/cards/question-words.ts';
import { jobOf } from '../../cast.ts';

const needed = (spec: Partial<ParamSpec>): ParamSpec => ({ type: 'string', required: true, ...spec });
const env = needed({ enum: ['staging', 'prod'] });
const hosts: ParamSpec = { type: 'integer', required: false, default: 1, min: 1, max: 8 };
const labels = (spec: ParamSpec) => questionActions('D8D8D8', 'x', spec).map(({ label }) => label);

describe('a question', () => {
  test.each<[ParamSpec, string]>([
    [env, 'job needs x. Which one?'],
    [needed({ type: 'boolean' }), 'job needs x. Which one?'],
    [needed({}), 'job needs x. Reply to this message with the text.'],
    [needed({ type: 'integer', min: 1 }), 'job needs x (at least 1). Reply to this message with a number.'],
    [needed({ type: 'number', max: 9 }), 'job needs x (at most 9). Reply to this message with a number.'],
    [
      needed({ type: 'duration', min: 1000, max: 90_000 }),
      'job needs x (1s to 90s). Reply to this message with a duration such as 30s, 10m or 2h.',
    ],
  ])('names what is needed, its limits and how to answer', (spec, words) =>
    expect(firstQuestion('job', 'x', spec, 'reply')).toBe(words),
  );

  test('repeats what was said, cut where it is long, and nothing of what was left out', () => {
    const answers = { env: 'staging', note: 'n'.repeat(70), tag: null };
    expect(nextQuestion(answers, 'hosts', hosts, 'reply')).toBe(
      `env staging, note ${'n'.repeat(59)}…. hosts? (1 to 8, default 1) Reply to this message with a number.`,
    );
  });

  test('has a button for each of up to six values, and one for what may be left out', () => {
    const six = needed({ enum: ['a', 'b', 'c', 'd', 'e', 'f'] });
    expect(labels(six)).toEqual(['a', 'b', 'c', 'd', 'e', 'f', 'Stop asking']);
    expect(labels(needed({ enum: [...(six.enum ?? []), 'g'] }))).toEqual(['Stop asking']);
    expect(labels(hosts)).toEqual(['Use 1', 'Stop asking']);
    expect(labels({ type: 'string', required: false })).toEqual(['Leave out', 'Stop asking']);
    expect(labels(needed({ type: 'boolean' }))).toEqual(['true', 'false', 'Stop asking']);
  });

  test('a bad answer is told what can be done next', () => {
    expect(badAnswer('No.', hosts)).toBe('No. Try again or press Use 1.');
    expect(badAnswer('No.', env)).toBe('No. Try again or press one of the buttons.');
    expect(badAnswer('No.', needed({}))).toBe('No. Try again.');
  });

  test('in plain words names everything that is needed, with a line that would do', () => {
    const job = jobOf('scale', 1, {
      params: { hosts, note: needed({}), env, size: needed({ type: 'integer', min: 2 }) },
    });
    expect(plainQuestion(job, { hosts: '2' })).toBe(
      'scale needs note, env (staging or prod), size (at least 2). ' +
        'Send: run scale hosts=2 note=… env=staging size=2',
    );
  });
});

describe('what is asked next', () => {
  const specs = { hosts, drain: { type: 'duration', required: false, default: '30s' }, env } as const;
  test('is what is needed, then what people vary, and never a default without limits', () => {
    expect(nextToAsk(specs, {})).toBe('env');
    expect(nextToAsk(specs, { env: 'prod' })).toBe('hosts');
    expect(nextToAsk(specs, { env: 'prod', hosts: null })).toBeUndefined();
  });
});
