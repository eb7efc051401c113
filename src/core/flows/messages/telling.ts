import type { House } from '../../ports/ambient.ts';
import type { OutputText } from '../../ports/commit.ts';
import type { IReach } from '../../ports/reach.ts';
import type { IRunRepository } from '../../ports/store.ts';
import type { Gate } from '../../runs/command.ts';
import { isPreviewPending, PREVIEW } from '../../runs/decide-preview.ts';
import type { LiveRun } from '../../runs/run.ts';
import type { Telling } from '../../text/cards/announce.ts';
import { outputLines, tailForChat } from '../../text/cards/output-lines.ts';
import { isLongerThanShown } from '../../text/ops/log-document.ts';
import type { Directory } from '../people/directory.ts';

export interface TellingDeps {
  readonly runs: Pick<IRunRepository, 'output'>;
  readonly house: Pick<House, 'cards' | 'gates' | 'documents' | 'texts' | 'threads'>;
  readonly directory: Directory;
  readonly reach: Pick<IReach, 'mutes'>;
}

/** What comes with the command itself. */
interface Brought {
  /** The last lines of the output, for the announcement of a failure. */
  readonly tail?: readonly string[];
  readonly output?: OutputText;
}

/** Everything that the announcements of a command lean on beside the run; `version` is the number of its newest event. */
export const tellingOf = async (
  { house, directory, runs, reach }: TellingDeps,
  { tail = [], output }: Brought,
  state: LiveRun,
  version: number,
): Promise<Telling> => {
  const { address } = state.origin;
  const cards = house.cards(address);
  const reader = await readerAt({ house, directory, reach }, address);
  const elsewhere = await Promise.all(
    (state.alsoAsked ?? []).map(async (one) => ({
      address: one,
      cards: house.cards(one),
      threads: house.threads?.(one) === true,
      ...(await readerAt({ house, directory, reach }, one)),
    })),
  );
  const shows = cards || elsewhere.some((one) => one.cards);
  const asks = shows && state.status === 'AwaitingApproval';
  const isFile = house.documents?.(address) === true && output !== undefined && isLongerThanShown(output);
  return {
    cards,
    threads: house.threads?.(address) === true,
    ...reader,
    elsewhere,
    deciders: asks ? await directory.deciders(state) : [],
    lacking: asks ? await directory.lacking(state) : [],
    gates: shows ? await gatesOf(house, state) : [],
    tail,
    ...(isFile ? { log: { epoch: output.epoch, attempt: output.attempt } } : {}),
    ...(await previewOf(runs, output, state)),
    version,
  };
};

const gatesOf = async (house: Pick<House, 'gates'>, state: LiveRun): Promise<readonly Gate[]> => {
  if (state.status === 'Approved') return house.gates(state);
  if (state.status !== 'AwaitingApproval' || !isPreviewPending(state)) return [];
  // A dry run needs no window, and whether a worker is there its card says by what becomes of it.
  return (await house.gates(state)).filter(({ name }) => name === 'freeze');
};

/** On a telephone the address is the person who reads it. */
const readerAt = async (
  { house, directory, reach }: Pick<TellingDeps, 'house' | 'directory' | 'reach'>,
  address: string,
): Promise<Pick<Telling, 'reader'>> => {
  if (house.texts?.(address) !== true) return {};
  const person = await directory.whoIs(address);
  if (person === undefined) return { reader: {} };
  const muted = (await reach.mutes([person.id])).get(person.id);
  const { timezone } = person;
  return {
    reader: { ...(timezone === undefined ? {} : { timezone }), ...(muted === undefined ? {} : { muted }) },
  };
};

/** What the dry run of the question wrote: it comes with this very order, or is stored. */
const previewOf = async (
  runs: TellingDeps['runs'],
  output: OutputText | undefined,
  state: LiveRun,
): Promise<Pick<Telling, 'preview'>> => {
  if (state.status !== 'AwaitingApproval' || state.preview?.epoch !== state.epoch) return {};
  const wrote = output ?? (await runs.output(state.runId));
  if (wrote?.epoch !== state.epoch || wrote.attempt !== PREVIEW) return {};
  return { preview: tailForChat(outputLines(wrote.tail === '' ? wrote.head : wrote.tail)) };
};
