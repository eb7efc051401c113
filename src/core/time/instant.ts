/**
 * A moment: whole milliseconds since 1970, UTC. A number and not a Date, because moments live inside states, events and
 * outgoing messages, which are hashed and stored as JSON; every wire shows them as ISO text.
 */
export type Instant = number;

export const isoOf = (at: Instant): string => new Date(at).toISOString();
