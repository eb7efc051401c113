import type { JobSpec, Params } from '../jobs/job.ts';
import type { RunEvent } from '../runs/event.ts';
import type { Instant } from '../time/instant.ts';

// Whoever advises, a model or rules of thumb, is handed plain frozen data and hands plain data back. It holds nothing to
// decide, start or write with, and every answer is judged like the words of a stranger. It may throw, hang and lie.

/** Reads what the grammar did not understand. Nothing, when it is not meant for a job of the list. */
export interface IAiIntentParser {
  read(question: ReadingQuestion, signal: AbortSignal): Promise<Reading | undefined>;
}

export interface ReadingQuestion {
  readonly text: string;
  /** What the writer may ask for; there is nothing else to be read. */
  readonly jobs: readonly AskableJob[];
}

export interface AskableJob {
  readonly key: string;
  readonly title: string;
  /** Names of its parameters. */
  readonly params: readonly string[];
}

export interface Reading {
  /** A line of the grammar: `run backup db=audit`. */
  readonly read: string;
  /** 0 to 1. */
  readonly confidence: number;
}

/** Says how unusual a request is. */
export interface IAiRiskScorer {
  score(facts: RequestFacts, signal: AbortSignal): Promise<Risk>;
}

export interface RequestFacts {
  readonly job: {
    readonly key: string;
    readonly version: number;
    readonly title: string;
    readonly kind: JobSpec['target']['kind'];
    readonly heavy: boolean;
  };
  readonly params: Params;
  readonly requesterId: string;
  readonly at: Instant;
  readonly history: RequestHistory;
}

/** Earlier requests of the same job, by whomever. Days and hours are those of the requester's zone. */
export interface RequestHistory {
  /** On the same day. */
  readonly today: number;
  /** On the days before, as many as were looked at; 0 days tell nothing about what is usual. */
  readonly before: { readonly requests: number; readonly days: number };
  /** Runs that failed since the last one that succeeded. */
  readonly failedInRow: number;
  /** Within two hours of this time of day, on the days before. */
  readonly nearThisHour: number;
}

export interface Risk {
  /** 0 to 1. */
  readonly score: number;
  /** What is unusual: "third run today". */
  readonly words: string;
}

/** Tells the story of a run in one line of at most 160 characters. */
export interface IAiSummarizer {
  summarize(timeline: Timeline, signal: AbortSignal): Promise<string>;
}

export interface Timeline {
  readonly runId: string;
  /** Oldest first. */
  readonly events: readonly RunEvent[];
}

/** Whoever is asked at present. What is absent is done without. */
export interface Advisors {
  readonly parser?: IAiIntentParser;
  readonly scorer?: IAiRiskScorer;
  readonly summarizer?: IAiSummarizer;
}
