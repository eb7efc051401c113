import { type Answer, type Call, Refused } from './ledger.ts';

/** A message as it stands in a channel now. */
export interface Posted {
  readonly channel: string;
  readonly ts: string;
  readonly thread: string | undefined;
  readonly broadcast: boolean;
  readonly user: string;
  /** Only this person sees it. */
  readonly onlyFor?: string;
  text: string;
  blocks: readonly Block[];
  edits: number;
  readonly file?: { readonly name: string; readonly content: string };
}

export interface Block {
  readonly type: string;
  readonly text?: { readonly text: string };
  readonly elements?: readonly Button[];
}

export interface Button {
  readonly text: { readonly text: string };
  readonly value: string;
  readonly style?: string;
  readonly confirm?: Readonly<Record<string, { readonly text: string }>>;
}

export interface OpenView {
  readonly id: string;
  readonly user: string;
  readonly view: Readonly<Record<string, unknown>>;
}

export const TEAM = 'T1';
export const BOT = 'UBOT';

/** Channels, messages, files and views of one workspace, and what the bot may do in them. */
export const createWorld = () => {
  let clock = 1_795_000_000;
  let serial = 0;
  const messages: Posted[] = [];
  const files = new Map<string, { readonly name: string; content: string }>();
  const triggers = new Map<string, { readonly user: string; readonly until: number }>();
  const views: OpenView[] = [];
  const archived = new Set<string>();
  const strange = new Set<string>();
  const nextTs = (): string => {
    serial += 1;
    clock = Math.max(clock, Math.floor(Date.now() / 1000));
    return `${clock}.${String(serial).padStart(6, '0')}`;
  };
  const enter = (channel: string): void => {
    if (!/^[CDG]/.test(channel) || strange.has(channel)) throw new Refused('channel_not_found');
    if (archived.has(channel)) throw new Refused('is_archived');
  };
  const put = (message: Omit<Posted, 'ts' | 'edits'>): Posted => {
    const posted = { ...message, ts: nextTs(), edits: 0 };
    messages.push(posted);
    return posted;
  };
  return {
    messages,
    views,
    archived,
    strange,
    nextTs,
    enter,
    put,
    nextId: (): string => String((serial += 1)),
    trigger: (user: string, ms = 3000): string => {
      const id = `${(serial += 1)}.${Date.now()}.abc`;
      triggers.set(id, { user, until: Date.now() + ms });
      return id;
    },
    spend: (id: string): string => {
      const trigger = triggers.get(id);
      if (trigger === undefined) throw new Refused('invalid_trigger_id');
      if (trigger.until < Date.now()) throw new Refused('expired_trigger_id');
      triggers.delete(id);
      return trigger.user;
    },
    files,
    find: (channel: string, ts: string): Posted | undefined =>
      messages.find((one) => one.channel === channel && one.ts === ts),
  };
};

export type World = ReturnType<typeof createWorld>;

/** The methods of the Web API that we use, as their reference has them. */
export const METHODS: Readonly<Record<string, (world: World, call: Call, url: string) => Answer>> = {
  'auth.test': () => ({ ok: true, team_id: TEAM, user_id: BOT, user: 'textops', bot_id: 'B1', team: 'Ops' }),
  'chat.postMessage': (world, { params }) => {
    const { channel, thread_ts, reply_broadcast, text, blocks } = params;
    world.enter(String(channel));
    const thread = threadIn(thread_ts);
    if (thread !== undefined) {
      const root = world.find(String(channel), thread);
      if (root?.thread !== undefined) throw new Refused('fake: a thread hangs from its first message only');
    }
    const { ts } = world.put({
      channel: String(channel),
      thread,
      broadcast: reply_broadcast === true && thread !== undefined,
      user: BOT,
      text: String(text),
      blocks: blocksOf(blocks),
    });
    return { ok: true, channel, ts, message: { ts } };
  },
  'chat.postEphemeral': (world, { params }) => {
    const { channel, user, text, blocks, thread_ts } = params;
    world.enter(String(channel));
    if (!/^[UW]/.test(String(user))) throw new Refused('user_not_in_channel');
    const { ts } = world.put({
      channel: String(channel),
      thread: threadIn(thread_ts),
      broadcast: false,
      user: BOT,
      onlyFor: String(user),
      text: String(text),
      blocks: blocksOf(blocks),
    });
    return { ok: true, message_ts: ts };
  },
  'conversations.open': (world, { params }) => {
    const user = String(params.users);
    if (!/^[UW]/.test(user) || world.strange.has(user)) throw new Refused('user_not_found');
    return { ok: true, channel: { id: `D${user.slice(1)}` } };
  },
  'chat.update': (world, { params }) => {
    const message = world.find(String(params.channel), String(params.ts));
    if (message === undefined || message.onlyFor !== undefined) throw new Refused('message_not_found');
    if (message.user !== BOT) throw new Refused('cant_update_message');
    message.text = String(params.text);
    message.blocks = blocksOf(params.blocks);
    message.edits += 1;
    return { ok: true, channel: params.channel, ts: params.ts };
  },
  'views.open': (world, { params }) => {
    const user = world.spend(String(params.trigger_id));
    const id = `V${world.nextId()}`;
    // The shape was checked before.
    world.views.push({ id, user, view: params.view as OpenView['view'] });
    return { ok: true, view: { id } };
  },
  'files.getUploadURLExternal': (world, { params }, url) => {
    const id = `F${world.nextId()}`;
    world.files.set(id, { name: String(params.filename), content: '' });
    return { ok: true, file_id: id, upload_url: `${url}/upload/${id}` };
  },
  'files.completeUploadExternal': (world, { params }) => {
    const { channel_id, thread_ts } = params;
    world.enter(String(channel_id));
    const done = (params.files as readonly { readonly id: string }[]).map(({ id }) => {
      const file = world.files.get(id);
      if (file === undefined) throw new Refused('file_not_found');
      world.put({
        channel: String(channel_id),
        thread: threadIn(thread_ts),
        broadcast: false,
        user: BOT,
        text: '',
        blocks: [],
        file: { ...file },
      });
      return { id, title: file.name };
    });
    return { ok: true, files: done };
  },
};

const blocksOf = (blocks: unknown): readonly Block[] => (Array.isArray(blocks) ? (blocks as Block[]) : []);

const threadIn = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
