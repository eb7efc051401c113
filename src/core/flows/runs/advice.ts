import type { Advisors, Reading, ReadingQuestion, RequestFacts, Timeline } from '../../ports/advisor.ts';
import type { Observe } from '../../ports/observe.ts';
import type { RiskFlag } from '../../runs/command.ts';
import type { AdviceOutcome, AdvisorName, AdvisorStatus } from '../../text/cards/advisor-status.ts';
import { tamed } from '../../text/cards/advisor-words.ts';
import type { Instant } from '../../time/instant.ts';
import { allowance } from '../messages/allowance.ts';

/**
 * Advisors within bounds: never too often, never too late, and no answer that was not looked at. Whatever goes wrong, the
 * answer is undefined and the deterministic way is taken.
 */
export interface Advice {
  readonly read: (asker: Asker, question: Question<ReadingQuestion>) => Promise<Reading | undefined>;
  /** Only what is worth a warning. */
  readonly risk: (asker: Asker, question: Question<RequestFacts>) => Promise<RiskFlag | undefined>;
  readonly summary: (asker: Asker, question: Question<Timeline>) => Promise<string | undefined>;
  readonly status: (at: Instant) => readonly AdvisorStatus[];
}

/** Who made it necessary to ask, and when. */
export interface Asker {
  readonly personId: string;
  readonly at: Instant;
}

/** Put together only when somebody will be asked. */
type Question<Q> = () => Promise<Q>;

export interface AdviceDeps {
  /** Asked anew each time, because the file may change it. */
  readonly advisors: () => Advisors;
  /** A signal that is raised when an answer would come too late. */
  readonly deadline: () => AbortSignal;
  readonly observe: Observe;
}

/** Questions a minute to one advisor: for one person, and in all. */
export const QUESTIONS_PER_PERSON = 20;
export const QUESTIONS_MAX = 200;
const MINUTE_MS = 60_000;

/** A score above this is a warning on the card, in hundredths. */
export const RISK_FLAGGED_ABOVE = 70;
const SUMMARY_MAX = 160;
const RISK_WORDS_MAX = 120;
const READ_MAX = 400;

export const adviceOf = (deps: AdviceDeps): Advice => {
  const { consult, status } = desk(deps);
  return {
    read: (asker, question) => consult(READER, asker, question),
    risk: (asker, question) => consult(SCORER, asker, question),
    summary: (asker, question) => consult(SUMMARIZER, asker, question),
    status,
  };
};

/** One of the three: how it is asked, and what is made of its answer. */
interface Seat<Q, A> {
  readonly advisor: AdvisorName;
  readonly ask: (advisors: Advisors) => Ask<Q> | undefined;
  readonly judge: (answer: unknown) => Judged<A>;
}

type Ask<Q> = (question: Q, signal: AbortSignal) => Promise<unknown>;
/** Undefined: this is no answer to the question. An answer may be that there is nothing to say. */
type Judged<A> = { readonly answer?: A } | undefined;

const desk = ({ advisors, deadline, observe }: AdviceDeps) => {
  const ofPerson = allowance(QUESTIONS_PER_PERSON, MINUTE_MS);
  const inAll = allowance(QUESTIONS_MAX, MINUTE_MS);
  const tallies = { parse: tally(), risk: tally(), summary: tally() };
  const mayAsk = (advisor: AdvisorName, { personId, at }: Asker): boolean =>
    ofPerson.take(`${advisor} ${personId}`, at) && inAll.take(advisor, at);
  return {
    consult: async <Q, A>(
      { advisor, ask, judge }: Seat<Q, A>,
      asker: Asker,
      question: Question<Q>,
    ): Promise<A | undefined> => {
      const asked = ask(advisors());
      if (asked === undefined) return undefined;
      const told: Told<A> = mayAsk(advisor, asker)
        ? await answerTo(asked, frozenCopy(await question()), deadline(), judge)
        : { outcome: 'limited' };
      const { answer, ...seen } = told;
      tallies[advisor][told.outcome] += 1;
      observe({ kind: 'advice', advisor, ...seen });
      return answer;
    },
    status: (at: Instant): readonly AdvisorStatus[] =>
      [READER, SCORER, SUMMARIZER].map(({ advisor, ask }) => ({
        advisor,
        on: ask(advisors()) !== undefined,
        outcomes: { ...tallies[advisor] },
        left: inAll.left(advisor, at),
      })),
  };
};

const tally = (): Record<AdviceOutcome, number> => ({
  answered: 0,
  late: 0,
  failed: 0,
  unusable: 0,
  limited: 0,
});

interface Told<A> {
  readonly outcome: AdviceOutcome;
  readonly answer?: A | undefined;
  readonly error?: unknown;
}

/** An advisor that ignores its signal is left behind with whatever it still has to say. */
const answerTo = async <Q, A>(
  ask: Ask<Q>,
  question: Q,
  signal: AbortSignal,
  judge: (answer: unknown) => Judged<A>,
): Promise<Told<A>> => {
  const late = Promise.withResolvers<undefined>();
  const end = (): void => late.resolve(undefined);
  signal.addEventListener('abort', end, { once: true });
  if (signal.aborted) end();
  try {
    const given = await Promise.race([late.promise, wrapped(ask(question, signal))]);
    if (given === undefined) return { outcome: 'late' };
    const judged = given.answer === undefined ? {} : judge(given.answer);
    return judged === undefined ? { outcome: 'unusable' } : { outcome: 'answered', ...judged };
  } catch (error) {
    // This is a door: what throws behind it, in asking or when the answer is looked at, is not ours.
    return { outcome: 'failed', error };
  } finally {
    signal.removeEventListener('abort', end);
  }
};

/** So that an answer is never taken for silence. */
const wrapped = async (answer: Promise<unknown>): Promise<{ readonly answer: unknown }> => ({
  answer: await answer,
});

const asReading = (answer: unknown): Judged<Reading> => {
  const { read, confidence } = fieldsOf(answer);
  return typeof read === 'string' && read.length <= READ_MAX && isShare(confidence)
    ? { answer: { read, confidence } }
    : undefined;
};

/** Rounded first and compared then, so that the score on record is the one that was judged. */
const asRisk = (answer: unknown): Judged<RiskFlag> => {
  const { score, words } = fieldsOf(answer);
  if (!isShare(score) || typeof words !== 'string') return undefined;
  const hundredths = Math.round(score * 100);
  if (hundredths <= RISK_FLAGGED_ABOVE) return {};
  const shown = tamed(words, RISK_WORDS_MAX);
  return shown === '' ? undefined : { answer: { score: (hundredths / 100).toFixed(2), words: shown } };
};

const asSummary = (answer: unknown): Judged<string> => {
  const line = typeof answer === 'string' ? tamed(answer, SUMMARY_MAX) : '';
  return line === '' ? undefined : { answer: line };
};

const READER: Seat<ReadingQuestion, Reading> = {
  advisor: 'parse',
  ask: ({ parser }) => parser && ((question, signal) => parser.read(question, signal)),
  judge: asReading,
};

const SCORER: Seat<RequestFacts, RiskFlag> = {
  advisor: 'risk',
  ask: ({ scorer }) => scorer && ((facts, signal) => scorer.score(facts, signal)),
  judge: asRisk,
};

const SUMMARIZER: Seat<Timeline, string> = {
  advisor: 'summary',
  ask: ({ summarizer }) => summarizer && ((timeline, signal) => summarizer.summarize(timeline, signal)),
  judge: asSummary,
};

const fieldsOf = (answer: unknown): Readonly<Record<string, unknown>> =>
  typeof answer === 'object' && answer !== null ? { ...answer } : {};

const isShare = (value: unknown): value is number => typeof value === 'number' && value >= 0 && value <= 1;

/** What an advisor does to its question is its own affair. */
const frozenCopy = <T>(value: T): T => {
  if (typeof value !== 'object' || value === null) return value;
  const copy = Array.isArray(value)
    ? value.map((each: unknown) => frozenCopy(each))
    : Object.fromEntries(Object.entries(value).map(([key, each]) => [key, frozenCopy<unknown>(each)]));
  // The same shape, made again.
  return Object.freeze(copy) as T;
};
