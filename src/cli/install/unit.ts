import { createHash } from 'node:crypto';

/** What differs between two installations; the units of a release are written for these. */
export interface Site {
  readonly prefix: string;
  /** The program that runs it. */
  readonly node: string;
  /** Of the bot, and of its group; workers have one more of their own. */
  readonly user: string;
}

export const AS_SHIPPED: Site = { prefix: '/opt/textops', node: '/usr/bin/env node', user: 'textops' };

/** A unit of this release as this installation needs it, stamped, so that what a person changes in it is noticed. */
export const unitFor = (shipped: string, { prefix, node, user }: Site): string => {
  const text = shipped
    .split('\n')
    .filter((line) => !line.startsWith('# Written for the prefix '))
    .map((line) =>
      line
        .replaceAll(AS_SHIPPED.prefix, prefix)
        .replaceAll(AS_SHIPPED.node, node)
        .replace(/^(User|Group)=textops(?=-worker$|$)/, `$1=${user}`),
    )
    .join('\n');
  return `${stampOf(text)}\n${text}`;
};

const STAMP = '# Written by textops install; for what you add there is systemctl edit. ';

const stampOf = (text: string): string =>
  `${STAMP}${createHash('sha256').update(text).digest('hex').slice(0, 16)}`;

export type Found = 'missing' | 'same' | 'ours' | 'changed';

/** What stands where a unit is to be written. `changed`: by a person, or made by one. */
export const compare = (present: string | undefined, wanted: string): Found => {
  if (present === undefined) return 'missing';
  if (present === wanted) return 'same';
  const end = present.indexOf('\n');
  return end > 0 && present.slice(0, end) === stampOf(present.slice(end + 1)) ? 'ours' : 'changed';
};

/** Why no unit can be written for it; undefined when one can. */
export const faultOf = ({ prefix, node, user }: Site): string | undefined => {
  for (const [what, path] of [
    ['prefix', prefix],
    ['node', node],
  ] as const) {
    if (!/^\/[\w.+/-]+$/.test(path))
      return `The ${what} ${JSON.stringify(path)} is no absolute path of letters, digits and . _ + - / alone.`;
    if (/^\/(?:home|root|run\/user)\//.test(`${path}/`))
      return `The ${what} ${path} lies where ProtectHome=yes hides it from the program; choose a place outside of /home, /root and /run/user.`;
  }
  return /^[a-z_][a-z0-9_-]{0,24}$/.test(user)
    ? undefined
    : `${JSON.stringify(user)} is no name for a user of the system.`;
};
