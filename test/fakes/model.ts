import type {
  Advisors,
  Reading,
  ReadingQuestion,
  RequestFacts,
  Risk,
  Timeline,
} from '../../src/core/ports/advisor.ts';

/** A model that says what it is told to, however mad; it remembers what it was asked. */
export interface ScriptedModel extends Required<Advisors> {
  readonly asked: {
    readonly read: ReadingQuestion[];
    readonly score: RequestFacts[];
    readonly summarize: Timeline[];
  };
}

export interface Script {
  readonly read?: (question: ReadingQuestion, signal: AbortSignal) => unknown;
  readonly score?: (facts: RequestFacts, signal: AbortSignal) => unknown;
  readonly summarize?: (timeline: Timeline, signal: AbortSignal) => unknown;
}

export const scriptedModel = (script: Script = {}): ScriptedModel => {
  const asked: ScriptedModel['asked'] = { read: [], score: [], summarize: [] };
  const { read = () => undefined, score = () => CALM, summarize = () => 'it ran' } = script;
  return {
    asked,
    // What a model answers is not what its port promises; that is what the casts are for.
    parser: {
      read: async (question, signal) => {
        asked.read.push(question);
        return (await read(question, signal)) as Reading | undefined;
      },
    },
    scorer: {
      score: async (facts, signal) => {
        asked.score.push(facts);
        return (await score(facts, signal)) as Risk;
      },
    },
    summarizer: {
      summarize: async (timeline, signal) => {
        asked.summarize.push(timeline);
        return (await summarize(timeline, signal)) as string;
      },
    },
  };
};

const CALM: Risk = { score: 0, words: '' };

/** Never answers, whatever its signal says. */
export const never = (): Promise<never> => new Promise<never>(() => undefined);

export const throws = (): never => {
  throw new Error('the model is out');
};
