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
      if (output.tail === '') return { ...output, head: text(output.head) };
      // The cut first: with what stands inside of it masked, nobody would recognise a secret that was cut.
      const head = text(withoutCutEnd(output.head, forms));
      const tail = text(withoutCutStart(output.tail, forms));
      return { ...output, head, tail };
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
  const rest = shortened(
    head,
    forms,
    (text, form, chars) => text.endsWith(form.slice(0, chars)),
    (text, chars) => text.slice(0, -chars),
  );
  return rest === head ? head : rest + MASK;
};

const withoutCutStart = (tail: string, forms: readonly string[]): string => {
  const rest = shortened(
    tail,
    forms,
    (text, form, chars) => text.startsWith(form.slice(-chars)),
    (text, chars) => text.slice(chars),
  );
  return rest === tail ? tail : MASK + rest;
};

/** Takes the longest part of any form off the edge, and again what it leaves there: the end of one may be in another. */
const shortened = (
  text: string,
  forms: readonly string[],
  isThere: (text: string, form: string, chars: number) => boolean,
  without: (text: string, chars: number) => string,
): string => {
  let rest = text;
  for (;;) {
    const longest = Math.max(
      0,
      ...forms.map((form) => charsAtEdge(form, (chars) => isThere(rest, form, chars))),
    );
    if (longest === 0) return rest;
    rest = without(rest, longest);
  }
};

const charsAtEdge = (form: string, isThere: (chars: number) => boolean): number => {
  for (let chars = form.length; chars >= SECRET_CHARS_MIN; chars -= 1) if (isThere(chars)) return chars;
  return 0;
};
