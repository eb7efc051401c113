import type { Intent } from '../../text/grammar/intent.ts';
import { type Handled, type Heard, hearsOf, type Rooms, seenBefore, type Text } from '../messages/heard.ts';

const REASON_MAX = 500;

/** Whoever explains a no does so while people still remember it. */
const EXPLAIN_MS = 24 * 60 * 60_000;

/**
 * The words that somebody who has said no by a button writes under the card are the reason, also when they begin like a
 * command: "freeze until Monday". A command there is one word alone, or has a slash, or names a run.
 */
export const explainDenial = async (
  rooms: Rooms,
  heard: Heard<Text>,
  intent: Intent,
): Promise<Handled | undefined> => {
  const { inbound, person, at, once } = heard;
  const { replyTo, addressed, disqualified, text } = inbound;
  if (replyTo === undefined || !addressed || disqualified !== undefined) return undefined;
  if (isCommand(text.trim(), intent) || !/[\p{L}\p{N}]/u.test(text)) return undefined;
  const runId = await rooms.store.runs.runOfCard(inbound.address, replyTo);
  if (runId === undefined) return undefined;
  const run = (await rooms.store.runs.find([runId])).get(runId)?.state;
  if (run?.status !== 'Denied' || run.reason !== undefined) return undefined;
  if (at - run.endedAt > EXPLAIN_MS) return undefined;
  const deniedBy = await denierOf(rooms, runId);
  if (deniedBy !== person.id) return undefined;
  const by = { kind: 'person', person, identity: inbound.from.identity } as const;
  const reason = text.replaceAll(/\s+/g, ' ').trim().slice(0, REASON_MAX);
  const executed = await rooms.orchestrator.execute({
    runId,
    once,
    ...hearsOf(heard),
    command: () => ({ type: 'explain', by, deniedBy, reason, at }),
  });
  if (executed.outcome !== 'committed') return seenBefore('DenyRun');
  const { drafts } = executed;
  const outbound = drafts.filter(({ address }) => address === inbound.address);
  return { outcome: 'committed', intent: 'DenyRun', runId, dispatched: false, outbound };
};

const isCommand = (text: string, intent: Intent): boolean =>
  text.startsWith('/') ||
  intent.type === 'Unreadable' ||
  (!/\s/.test(text) && intent.type !== 'Unknown' && intent.type !== 'Chatter') ||
  ('run' in intent && intent.run.kind === 'id');

const denierOf = async ({ store }: Rooms, runId: string): Promise<string | undefined> => {
  const history = await store.runs.history(runId);
  const denied = history.findLast(({ type }) => type === 'RunDenied');
  return (denied?.payload as { readonly personId?: string } | undefined)?.personId;
};
