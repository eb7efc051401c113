import { render } from '../src/bot/telegram/render.ts';
import { canonical } from '../src/core/runs/canonical.ts';
import { firstFault, GENESIS, link } from '../src/core/runs/chain.ts';
import type { RunCommand } from '../src/core/runs/command.ts';
import { decide } from '../src/core/runs/decide.ts';
import type { RunEvent } from '../src/core/runs/event.ts';
import { evolve, fold } from '../src/core/runs/evolve.ts';
import { absent, type RunState } from '../src/core/runs/run.ts';
import { newRunId } from '../src/core/runs/run-id.ts';
import { cardOf } from '../src/core/text/cards/card.ts';
import { parse } from '../src/core/text/grammar/parse.ts';
import { openStore } from '../src/db/open.ts';
import { asks, bob, noon, RUN, says, starts, succeeds } from '../test/cast.ts';

// One act of each stage that a message goes through. Loaded once from this checkout and once from another, so it keeps no state
// beside what it returns.

export type Act = () => unknown;

const LINES = [
  'run backup db=main',
  '/approve K7M2QX',
  'no K7M2QX too early',
  'status',
  'schedule backup "0 2 * * *"',
];

const commands: readonly RunCommand[] = [asks(), says.yes(bob), starts(), succeeds()];

const decided = (): readonly RunEvent[] => {
  let state: RunState = absent;
  const events: RunEvent[] = [];
  for (const command of commands) {
    const decision = decide(state, command);
    if (!decision.ok) throw new Error(`${command.type} was refused`);
    for (const event of decision.events) state = evolve(state, event, RUN);
    events.push(...decision.events);
  }
  return events;
};

export const stageActs = async (): Promise<Readonly<Record<string, Act>>> => {
  const events = decided();
  const linked = link(RUN, { seq: 0, hash: GENESIS }, events);
  const waiting = fold(events.slice(0, 2), RUN);
  if (waiting.status === 'absent') throw new Error('the run did not come to be');
  const card = cardOf(waiting, { deciders: ['Bob'], gates: [] });
  const store = await openStore({ url: ':memory:', clock: () => noon });
  return {
    parse: () => LINES.map((line) => parse(line)),
    decide: decided,
    chain: () => link(RUN, { seq: 0, hash: GENESIS }, events),
    verify: () => firstFault(linked),
    canonical: () => events.map((event) => canonical(event.payload)),
    card: () => cardOf(waiting, { deciders: ['Bob'], gates: [] }),
    render: () => render({ kind: 'card', card }, () => 'a token of a button'),
    commit: () => {
      const runId = newRunId(Math.random);
      const own = events.slice(0, 2).map((event) => ({ ...event, runId }));
      const state = { ...waiting, runId };
      const run = { state, expectedVersion: 0, events: link(runId, { seq: 0, hash: GENESIS }, own) };
      return store.runs.commit([{ run, queue: [], outbox: [], at: noon }]);
    },
  };
};
