export type Answer = Readonly<Record<string, unknown>> & { readonly ok: boolean };

export interface Call {
  readonly method: string;
  readonly token: string;
  readonly params: Readonly<Record<string, unknown>>;
}

/** Every call that reached the server, with what came of it. */
export interface Entry extends Call {
  readonly at: number;
  readonly answer?: Answer;
  readonly fault?: Fault;
  /** It came although its channel had been told to wait. */
  readonly early: boolean;
}

/**
 * What goes wrong with the next call. `lost`: done, and the connection breaks before the answer. `reset`: it breaks before
 * anything is done.
 */
export type Fault =
  | 'lost'
  | 'reset'
  | 'http_500'
  | 'internal_error'
  | 'hang'
  | { readonly retryAfter: number };

/** What Slack says no with. */
export class Refused extends Error {}
