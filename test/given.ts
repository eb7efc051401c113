import { expect } from 'vitest';
import type { RunCommand } from '../src/core/runs/command.ts';
import { decide } from '../src/core/runs/decide.ts';
import type { RunEvent } from '../src/core/runs/event.ts';
import { evolve, fold } from '../src/core/runs/evolve.ts';
import type { Refusal } from '../src/core/runs/refusal.ts';
import type { LiveRun, RunState } from '../src/core/runs/run.ts';
import { RUN } from './cast.ts';

/** An event by its name alone, or with the parts of it that the test is about. */
type Expected =
  | RunEvent['type']
  | {
      readonly type: RunEvent['type'];
      readonly at?: number;
      readonly actor?: string;
      readonly payload?: object;
    };

/** The test language of the rules: given what happened, when somebody asks for something, then this follows. */
export const given = (...history: readonly RunEvent[]) => ({
  when: (command: RunCommand) => {
    const state = fold(history, RUN);
    const decision = decide(state, command);
    return {
      // oxlint-disable-next-line unicorn/no-thenable -- the word of the language; nobody awaits it
      then: (...events: readonly Expected[]) =>
        expect(decision).toMatchObject({
          ok: true,
          events: events.map((event) => (typeof event === 'string' ? { type: event } : event)),
        }),
      thenRefused: (why: Refusal['why'], more: object = {}) =>
        expect(decision).toEqual({ ok: false, refusal: expect.objectContaining({ why, ...more }) }),
      /** The run afterwards. */
      thenRun: (expected: object) =>
        expect(
          (decision.ok ? decision.events : []).reduce<RunState>(
            (run, event) => evolve(run, event, RUN),
            state,
          ),
        ).toMatchObject(expected),
    };
  },
});

/** What really happened when these commands were given one after the other; none of them may be refused. */
export const past = (...commands: readonly RunCommand[]): readonly RunEvent[] =>
  commands.reduce<readonly RunEvent[]>((history, command) => {
    const decision = decide(fold(history, RUN), command);
    if (!decision.ok) throw new Error(`${command.type} was refused: ${decision.refusal.why}`);
    return [...history, ...decision.events];
  }, []);

/** The run that these commands lead to. */
export const runAfter = (...commands: readonly RunCommand[]): LiveRun => {
  const run = fold(past(...commands), RUN);
  if (run.status === 'absent') throw new Error('these commands make no run');
  return run;
};
