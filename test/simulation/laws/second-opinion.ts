import { hash } from 'node:crypto';

// What the program computes, computed once more from its description and from nothing else: two have to agree.

/** Keys sorted, no white space, undefined left out; numbers are whole. */
export const plainText = (value: unknown): string => {
  if (Array.isArray(value)) return `[${value.map(plainText).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const names = Object.keys(value).filter((name) => Reflect.get(value, name) !== undefined);
  const parts = names
    .toSorted()
    .map((name) => `${JSON.stringify(name)}:${plainText(Reflect.get(value, name))}`);
  return `{${parts.join(',')}}`;
};

export const sha256 = (text: string): string => hash('sha256', text, 'hex');

export interface Link {
  readonly chain: string;
  readonly seq: number;
  readonly type: string;
  readonly at: number;
  readonly actor: string;
  readonly payload: unknown;
}

export const FIRST_LINK = '0'.repeat(64);

/** RELIABILITY: every link covers the whole event and the link before it. */
export const linkOf = (before: string, { chain, seq, type, at, actor, payload }: Link): string =>
  sha256(`${before}\n${plainText({ chain, seq, type, at, actor, payload })}`);

export interface Approved {
  readonly runId: string;
  readonly epoch: number;
  readonly job: { readonly key: string; readonly version: number; readonly spec: unknown };
  readonly params: unknown;
  readonly files: unknown;
}

/** What an approval is bound to: this run and epoch, and everything that would run. */
export const digestOf = ({ runId, epoch, job, params, files }: Approved): string => {
  const { key, version, spec } = job;
  return sha256(
    plainText({
      runId,
      epoch,
      job: key,
      version,
      params,
      spec: sha256(plainText({ key, version, spec })),
      files,
    }),
  );
};
