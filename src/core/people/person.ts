/** Somebody with rights. Rights belong to the person, never to an address or a chat. */
export interface Person {
  readonly id: string;
  /** For display. */
  readonly name: string;
  readonly roles: readonly string[];
  /** `telegram:123456789`, `dev:ana`; the first one is where the person is rung. */
  readonly identities: readonly string[];
  readonly timezone?: string;
}

/** Who signs a command. Only a person can decide. */
export type Actor =
  | { readonly kind: 'person'; readonly person: Person; readonly identity: string }
  | { readonly kind: 'schedule'; readonly key: string }
  | { readonly kind: 'worker'; readonly id: string }
  | { readonly kind: 'system'; readonly part?: string };

/** The actor as the history writes it (PRODUCT 3). */
export const actorName = (actor: Actor): string => {
  switch (actor.kind) {
    case 'person':
      return `user:${actor.identity}`;
    case 'schedule':
      return `schedule:${actor.key}`;
    case 'worker':
      return `worker:${actor.id}`;
    case 'system':
      return actor.part === undefined ? 'system' : `system:${actor.part}`;
  }
};

/** Whoever signed in to the console with an account of a channel is whoever has that account: `web:dev:ana` is `dev:ana`. */
export const accountBehind = (identity: string): string | undefined =>
  /^web:((?!web:)[a-z]+:.+)$/.exec(identity)?.[1];

/** On every channel with conversations the private one of a person is called like the person. */
export const isChat = (identity: string): boolean => !/^(?:web|http):/.test(identity);
