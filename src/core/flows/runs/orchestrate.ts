import { refusedByRules } from '../../people/refused.ts';
import type { House } from '../../ports/ambient.ts';
import type { Commit, CommitOutcome, Once, OutputText, RunChange } from '../../ports/commit.ts';
import type { Observe } from '../../ports/observe.ts';
import type { IReach } from '../../ports/reach.ts';
import type { ScheduleChange } from '../../ports/schedules.ts';
import type { IRunRepository, StoredRun } from '../../ports/store.ts';
import type { IFreeze, IGates, Upkeep } from '../../ports/upkeep.ts';
import { GENESIS, link } from '../../runs/chain.ts';
import type { RunCommand } from '../../runs/command.ts';
import { decide } from '../../runs/decide.ts';
import { type Decision, refuse } from '../../runs/decision.ts';
import type { RunEvent } from '../../runs/event.ts';
import { evolve } from '../../runs/evolve.ts';
import { isStoppedByFreeze } from '../../runs/freeze.ts';
import { react } from '../../runs/react.ts';
import { absent, type LiveRun, type RunState } from '../../runs/run.ts';
import { stepsOf } from '../../runs/step.ts';
import type { Draft } from '../../text/grammar/draft.ts';
import { RETRIES } from '../../time/retries.ts';
import { counted } from '../history/count-refusal.ts';
import { tellingOf } from '../messages/telling.ts';
import type { Directory } from '../people/directory.ts';

/** A command for one run, with what belongs into the same commit. */
export interface Order {
  /** An id, or where new ids come from: they are guessed, not counted, so a taken one is followed by another guess. */
  readonly runId: string | (() => string);
  /** The run as the caller has just read or left it, which saves a look; if it has changed since, it is read anew. */
  readonly seen?: StoredRun;
  /** Built anew at every try, from the state that it will be judged against. */
  readonly command: (state: RunState, runId: string) => Promise<RunCommand> | RunCommand;
  readonly once?: Once;
  readonly lease?: Commit['lease'];
  readonly output?: OutputText;
  /** Moves the schedule behind a request in the same commit; not when the request is refused. */
  readonly schedule?: (runId: string) => ScheduleChange;
  /** Written with the command's message, whatever is decided. */
  readonly upkeep?: readonly Upkeep[];
  /** The last lines of the output, for the announcement of a failure. */
  readonly tail?: readonly string[];
  /** Answers to whoever gave the command, who may have an answer in what the run's own conversation is told. */
  readonly replies?: (
    verdict: Verdict,
    announced: readonly Draft[],
  ) => Promise<readonly Draft[]> | readonly Draft[];
  /** The conversation that hears its messages in the answer itself (a synchronous door). */
  readonly hears?: string;
}

export interface Verdict {
  readonly decision: Decision;
  readonly before: RunState;
  /** The run afterwards; as before when the command was refused, `absent` when there is none. */
  readonly after: RunState;
}

export type Executed =
  | (Verdict & {
      readonly outcome: 'committed';
      readonly drafts: readonly Draft[];
      /** The run as it is stored now; absent when there is none. */
      readonly stored?: StoredRun;
    })
  | { readonly outcome: Fallen };

type Fallen = 'seen_before' | 'stale_lease' | 'stale_schedule';

/** Decides and commits. Whatever changes a run, on whatever door, passes here. */
export interface IRunOrchestrator {
  execute(order: Order): Promise<Executed>;
}

export interface OrchestratorDeps {
  readonly runs: Pick<IRunRepository, 'find' | 'commit' | 'output'>;
  readonly now: () => Promise<number>;
  readonly directory: Directory;
  readonly gates: Pick<IGates, 'find'>;
  readonly freeze: IFreeze;
  readonly reach: Pick<IReach, 'mutes'>;
  readonly house: Pick<House, 'cards' | 'documents' | 'gates' | 'texts'>;
  readonly observe: Observe;
}

/** Conflicts are settled by deciding again; more of them than this in a row means that something else is wrong. */
const TRIES_MAX = RETRIES.conflict.triesMax;

export const orchestrator = (deps: OrchestratorDeps): IRunOrchestrator => ({
  execute: async (order) => {
    for (let attempt = 1; attempt <= TRIES_MAX; attempt += 1) {
      const planned = await planOnNews(deps, order, attempt === 1 ? order.seen : undefined);
      const outcome = owesNothing(planned.commit)
        ? 'committed'
        : (await deps.runs.commit([planned.commit]))[0];
      if (outcome === 'committed') {
        report(deps.observe, planned);
        const { verdict, commit, stored } = planned;
        return { outcome, ...verdict, drafts: commit.outbox, ...(stored === undefined ? {} : { stored }) };
      }
      if (outcome !== 'stale_version') return { outcome: known(outcome) };
    }
    throw new Error(`${String(order.runId)}: gave up after ${TRIES_MAX} conflicting commits`);
  },
});

const known = (outcome: CommitOutcome | undefined): Fallen => {
  if (outcome === 'seen_before' || outcome === 'stale_lease' || outcome === 'stale_schedule') return outcome;
  throw new Error(`a commit was answered with ${String(outcome)}`);
};

/** A refusal that nobody waits for writes nothing. */
const owesNothing = (commit: Commit): boolean =>
  commit.once === undefined && commit.run === undefined && commit.outbox.length === 0;

/** A no is never given on hearsay: nothing would be written, so nobody would notice that the run had moved on. */
const planOnNews = async (
  deps: OrchestratorDeps,
  order: Order,
  seen: StoredRun | undefined,
): Promise<Planned> => {
  if (seen === undefined) return plan(deps, order, await locate(deps.runs, order.runId));
  const planned = await plan(deps, order, { runId: seen.state.runId, stored: seen, isHearsay: true });
  return planned.verdict.decision.ok ? planned : planOnNews(deps, order, undefined);
};

interface Planned {
  readonly runId: string;
  /** What `seq` the run had before. */
  readonly version: number;
  /** The run as it will be stored. */
  readonly stored: StoredRun | undefined;
  readonly commit: Commit;
  readonly verdict: Verdict;
  readonly command: RunCommand;
  readonly events: readonly RunEvent[];
}

const plan = async (deps: OrchestratorDeps, order: Order, located: Located): Promise<Planned> => {
  const { runId, stored, isHearsay = false } = located;
  const before: RunState = stored?.state ?? absent;
  const command = await order.command(before, runId);
  const decision = await gated(deps, command, decide(before, command), isHearsay);
  const events = decision.ok ? decision.events : [];
  const after = events.reduce<RunState>((state, event) => evolve(state, event, runId), before);
  const verdict: Verdict = { decision, before, after };
  const change = events.length === 0 || after.status === 'absent' ? undefined : { state: after, stored };
  const reaction = change === undefined ? undefined : await told(deps, order, change, events);
  const announced = reaction?.outbox ?? [];
  const replies = (await order.replies?.(verdict, announced)) ?? [];
  const outbox = [...announced, ...replies].map((draft) =>
    draft.address === order.hears ? { ...draft, delivered: true } : draft,
  );
  const run = change === undefined ? undefined : runChange(runId, change, events);
  // What no message is behind is no attempt of anybody.
  const refused = decision.ok || order.once === undefined ? undefined : refusedByRules(decision.refusal.why);
  const upkeep = [...(reaction?.upkeep ?? []), ...(order.upkeep ?? []), ...(counted(refused).upkeep ?? [])];
  const commit: Commit = {
    ...(order.once === undefined ? {} : { once: order.once }),
    ...(run === undefined ? {} : { run }),
    ...(order.lease === undefined ? {} : { lease: order.lease }),
    ...(run !== undefined && isStoppedByFreeze(command, events) ? { decides: true } : {}),
    ...(order.output === undefined || change === undefined ? {} : { output: order.output }),
    ...(order.schedule === undefined || change === undefined ? {} : { schedules: [order.schedule(runId)] }),
    queue: reaction?.queue ?? [],
    ...(upkeep.length === 0 ? {} : { upkeep }),
    outbox,
    at: command.at,
  };
  const version = stored?.version ?? 0;
  const now = run === undefined ? stored : storedAs(run);
  return { runId, version, stored: now, commit, verdict, command, events };
};

const storedAs = ({ state, expectedVersion, events }: RunChange): StoredRun => ({
  state,
  version: expectedVersion + events.length,
  headHash: events.at(-1)?.hash ?? GENESIS,
});

/** Whatever would be decided or put into the queue passes here, on whatever door; what is stopped changes nothing. */
const gated = async (
  { gates, freeze }: Pick<OrchestratorDeps, 'gates' | 'freeze'>,
  command: RunCommand,
  decision: Decision,
  isHearsay: boolean,
): Promise<Decision> => {
  if (!decision.ok) return decision;
  // The commit looks as well. A start that is judged on hearsay leaves it at that: it is one of thousands.
  const looks = isStoppedByFreeze(command, decision.events) && !(isHearsay && command.type === 'start');
  const frozen = looks ? await freeze.current() : undefined;
  if (frozen !== undefined) return refuse({ why: 'frozen', ...frozen });
  if (decision.events.every(({ type }) => type !== 'ExecutionDispatched')) return decision;
  const { open } = await gates.find('queue.job_substrate.enabled');
  return open ? decision : refuse({ why: 'job_substrate_disabled' });
};

interface Located {
  readonly runId: string;
  readonly stored: StoredRun | undefined;
  /** The caller has read it, perhaps a while ago. */
  readonly isHearsay?: boolean;
}

const locate = async (runs: Pick<IRunRepository, 'find'>, wanted: Order['runId']): Promise<Located> => {
  if (typeof wanted === 'string') return { runId: wanted, stored: (await runs.find([wanted])).get(wanted) };
  for (let guess = 1; guess <= TRIES_MAX; guess += 1) {
    const runId = wanted();
    if (!(await runs.find([runId])).has(runId)) return { runId, stored: undefined };
  }
  throw new Error(`no free run id in ${TRIES_MAX} guesses`);
};

interface Change {
  readonly state: LiveRun;
  readonly stored: StoredRun | undefined;
}

const runChange = (runId: string, { state, stored }: Change, events: readonly RunEvent[]): RunChange => {
  const head = { seq: stored?.version ?? 0, hash: stored?.headHash ?? GENESIS };
  return { state, expectedVersion: head.seq, events: link(runId, head, events) };
};

const told = async (
  deps: OrchestratorDeps,
  order: Order,
  { state, stored }: Change,
  events: readonly RunEvent[],
) => react(state, events, await tellingOf(deps, order, state, (stored?.version ?? 0) + events.length));

const report = (observe: Observe, { runId, version, verdict, command, events }: Planned): void => {
  const { decision, before } = verdict;
  if (!decision.ok) {
    const actor = command.by.kind === 'person' ? command.by.identity : command.by.kind;
    const { why } = decision.refusal;
    const from = verdict.before.status;
    observe({ kind: 'transition_rejected', runId, command: command.type, why, actor, from });
    return;
  }
  for (const step of stepsOf(runId, before, version, events)) {
    observe({ kind: 'run_changed', runId, ...step });
    if (step.event === 'RunApproved' && step.actor === 'policy:never') {
      observe({ kind: 'never_policy_used', runId, jobKey: step.jobKey });
    }
  }
};
