import type { CapturedOutput } from '../../core/ports/executor.ts';

export interface HideSecrets {
  text(text: string): string;
  output(output: CapturedOutput): CapturedOutput;
}

const MASK = '***';

/** Shorter values are words of everyday text; masking those would make every output unreadable. */
const SECRET_CHARS_MIN = 4;

/**
 * Replaces the values of secrets in what a job says, before anything is stored: as they are, URL-encoded, in base64
 * and escaped as JSON. The hash and the count of an output stay those of what was really written.
 */
export const hideSecrets = (secrets: Readonly<Record<string, string>>): HideSecrets => {
  const forms = Object.values(secrets)
    .filter((value) => value.length >= SECRET_CHARS_MIN)
    .flatMap(formsOf)
    .toSorted((a, b) => b.length - a.length);
  const text = (given: string) => forms.reduce((masked, form) => masked.replaceAll(form, MASK), given);
  return {
    text,
    output: (output) => {
      const head = text(output.head);
      const tail = text(output.tail);
      if (tail === '') return { ...output, head };
      return { ...output, head: withoutCutEnd(head, forms), tail: withoutCutStart(tail, forms) };
    },
  };
};

const formsOf = (value: string): readonly string[] => [
  ...new Set([
    value,
    encodeURIComponent(value),
    JSON.stringify(value).slice(1, -1),
    Buffer.from(value).toString('base64').replace(/=+$/, ''),
  ]),
];

/** The cut between the kept beginning and the kept end may go through a secret. */
const withoutCutEnd = (head: string, forms: readonly string[]): string => {
  for (const form of forms)
    for (let kept = form.length - 1; kept >= SECRET_CHARS_MIN; kept -= 1)
      if (head.endsWith(form.slice(0, kept))) return head.slice(0, -kept) + MASK;
  return head;
};

const withoutCutStart = (tail: string, forms: readonly string[]): string => {
  for (const form of forms)
    for (let kept = form.length - 1; kept >= SECRET_CHARS_MIN; kept -= 1)
      if (tail.startsWith(form.slice(-kept))) return MASK + tail.slice(kept);
  return tail;
};
