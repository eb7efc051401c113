import type { Context } from 'hono';
import type { Handled, Rooms } from '../core/flows/messages/heard.ts';
import type { JobSpec } from '../core/jobs/job.ts';
import type { Person } from '../core/people/person.ts';
import type { Inbound } from '../core/ports/channel.ts';
import type { Once } from '../core/ports/commit.ts';
import type { LocalChat } from '../core/ports/local-chat.ts';
import type { ScheduleSpec } from '../core/schedules/schedule.ts';
import type { Access, Permission } from './access/permissions.ts';
import type { KeptScorecards } from './console/kept-scorecards.ts';

/** What the web needs of the rest of the program. */
export interface WebDeps {
  readonly rooms: Rooms;
  readonly handle: (inbound: Inbound, once: Once) => Promise<Handled>;
  readonly profile: 'dev' | 'production';
  /** Where people reach this instance from outside. */
  readonly publicUrl?: string;
  readonly apiTokens: readonly ApiToken[];
  /** Whose tokens are taken beside our own. */
  readonly identityProvider?: IdentityProvider;
  /** Where people sign in to the console beside their chat. */
  readonly browserLogin?: BrowserLogin;
  /** Holds one job of an HTTP body to the rules of the file. */
  readonly readJob: (body: KeyedBody) => ReadJob;
  /** Holds one schedule of an HTTP body to the shape of the file. */
  readonly readSchedule: (body: KeyedBody) => ReadSchedule;
  readonly newEventKey: () => string;
  /** Tells of every change of a run by this process; latency only, looking again is always right. */
  readonly onRunChanged?: (listener: () => void) => () => void;
  /** False while starting and while stopping. */
  readonly ready: () => boolean;
  /** What the dev channel sends later. */
  readonly recentDev?: RecentDev;
  /** The messenger of the dev profile. */
  readonly localChat?: LocalChat;
  /** Doors of the channels, and whatever else is served without the web knowing whose it is. */
  readonly routes?: readonly WebhookRoute[];
  /** The figures of this process as a monitor reads them. */
  readonly metrics?: WebMetrics;
  /** What the process leans on beside its database. */
  readonly host?: HostFigures;
  /** The gate over some days, made beside everything else. */
  readonly scorecards?: KeptScorecards;
  /** Milliseconds that never run backwards, for caches and measurements only. */
  readonly monotonicMs?: () => number;
}

/** What whoever only looks on needs of it. */
export type MonitorDeps = Pick<
  WebDeps,
  | 'rooms'
  | 'profile'
  | 'apiTokens'
  | 'identityProvider'
  | 'publicUrl'
  | 'ready'
  | 'metrics'
  | 'host'
  | 'monotonicMs'
>;

export interface WebMetrics {
  readonly type: string;
  readonly read: () => Promise<string>;
  /** Is told of every answer. */
  readonly served: (answer: {
    readonly method: string;
    readonly route: string;
    readonly code: string;
  }) => void;
}

export interface HostFigures {
  readonly commit: string;
  readonly configHash: () => string;
  /** Where the process writes. */
  readonly freeMb: () => Promise<number>;
  /** When a backup was last restored for trial and found whole; undefined when that is not known. */
  readonly backupAt: () => Promise<number | undefined>;
}

/** Messages of a conversation (`ops`) behind `afterId`; waits for the first one until the signal ends the wait. */
export type RecentDev = (
  conversation: string,
  afterId: number,
  signal: AbortSignal,
) => Promise<readonly DevMessage[]>;

interface DevMessage {
  /** Grows from message to message. */
  readonly id: number;
  readonly body: string;
  readonly runId?: string;
  readonly key: string;
}

export interface ApiToken {
  readonly name: string;
  readonly role: string;
  readonly token: string;
}

/** Somebody outside who vouches for people, by JSON Web Tokens. */
export interface IdentityProvider {
  readonly issuer: string;
  verify(token: string, at: number): Promise<Verified>;
}

/** What a browser keeps while somebody is at their identity provider. */
export interface LoginAsked {
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string;
}

/** The same provider, for people with a browser. */
export interface BrowserLogin {
  readonly issuer: string;
  /** Where to send the browser, and what it has to bring back. */
  begin(redirectUri: string): Promise<{ readonly url: string; readonly asked: LoginAsked }>;
  /** The subject, as the provider names it; undefined when the answer proves nothing. */
  finish(answeredAt: URL, asked: LoginAsked): Promise<string | undefined>;
}

export type Verified =
  /** The subject as the provider names it. */
  | { readonly kind: 'subject'; readonly subject: string }
  /** Not a token of this provider, not for us, or not now. The reason names no content of the token. */
  | { readonly kind: 'refused'; readonly reason: string }
  /** Nobody can tell at present. */
  | { readonly kind: 'unavailable'; readonly error: unknown };

/** An object with a `key`; everything else is for the reader to judge. */
export type KeyedBody = { readonly key: string } & Readonly<Record<string, unknown>>;

export type ReadJob =
  | { readonly ok: true; readonly key: string; readonly spec: JobSpec }
  | { readonly ok: false; readonly problems: readonly string[] };

export type ReadSchedule =
  | {
      readonly ok: true;
      readonly wanted: Omit<ScheduleSpec, 'key' | 'params'> & {
        /** Values as they were written, by parameter. */
        readonly given: Readonly<Record<string, string>>;
      };
    }
  | { readonly ok: false; readonly problems: readonly string[] };

/** `open`: verifies for itself who is calling. Otherwise asks for a permission like any other route. */
export interface WebhookRoute {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly access: 'open' | Permission;
  handle(request: Request): Promise<Response>;
}

/** Who is calling. */
export type Caller =
  | {
      readonly kind: 'token';
      readonly name: string;
      readonly roles: readonly string[];
      /** Whose it is, if it is anybody's. */
      readonly person?: Person;
    }
  /** Somebody whom the identity provider vouches for. */
  | { readonly kind: 'person'; readonly person: Person; readonly identity: string }
  /** The dev profile, from the machine itself: nobody has to say who they are. */
  | { readonly kind: 'local' }
  | { readonly kind: 'nobody' };

export interface WebEnv {
  /** What the server knows about the connection; nothing at all when a request is made without one. */
  readonly Bindings: {
    readonly incoming?: { readonly socket?: { readonly remoteAddress?: string | undefined } };
  };
  readonly Variables: {
    caller: Caller;
    /** The pattern of the route that answers; absent when there is none. */
    route?: string;
  };
}

export type WebContext = Context<WebEnv>;

export interface Route {
  readonly method: 'GET' | 'POST' | 'PUT';
  /** In Hono's spelling: `/runs/:id`. */
  readonly path: string;
  readonly access: Access;
  readonly handle: (c: WebContext) => Response | Promise<Response>;
}
