import { z } from 'zod';
import { asTyped } from '../../core/jobs/params.ts';
import type { Field, Form } from '../../core/text/cards/form.ts';
import { plainText } from './render.ts';

export const CALLBACK = 'textops:form';

/** What comes back with a form: for which job it is, and where it was asked for. */
export interface FormOrigin {
  readonly job: string;
  readonly address: string;
  readonly chat: 'private' | 'group';
}

const formOrigin = z.object({
  job: z.string().min(1).max(100),
  address: z.string().min(1).max(200),
  chat: z.enum(['private', 'group']),
});

export const readOrigin = (metadata: string): FormOrigin | undefined => {
  try {
    return formOrigin.safeParse(JSON.parse(metadata)).data;
  } catch {
    return undefined;
  }
};

const CHOICES_MAX = 100;
const VALUE_MAX = 75;
const INPUT_MAX = 3000;

/** The parameters of a job as a view of Slack's. */
export const viewOf = ({ jobKey, fields }: Form, origin: Omit<FormOrigin, 'job'>) => ({
  type: 'modal' as const,
  callback_id: CALLBACK,
  private_metadata: JSON.stringify({ job: jobKey, ...origin }),
  title: plainText(jobKey, 24),
  submit: plainText('Ask for approval', 24),
  close: plainText('Cancel', 24),
  blocks: fields.map((field) => ({
    type: 'input' as const,
    block_id: field.name,
    label: plainText(field.name, 2000),
    optional: !field.needed,
    element: elementOf(field),
  })),
});

/** The `action_id` of the element behind every field. */
export const VALUE = 'value';

const elementOf = (field: Field) => {
  const { type, choices, value, preset, lengthMax } = field;
  const hint = preset === undefined ? undefined : plainText(`${preset} if left empty`, 150);
  const placeholder = hint === undefined ? {} : { placeholder: hint };
  if (choices !== undefined && choices.length <= CHOICES_MAX && choices.every(isShort)) {
    const options = choices.map(optionOf);
    const chosen = options.find((option) => option.value === value);
    return {
      type: 'static_select' as const,
      action_id: VALUE,
      options,
      ...placeholder,
      ...(chosen === undefined ? {} : { initial_option: chosen }),
    };
  }
  const initial = value === undefined ? {} : { initial_value: value };
  if (type === 'integer' || type === 'number') {
    const { min, max } = field;
    return {
      type: 'number_input' as const,
      action_id: VALUE,
      is_decimal_allowed: type === 'number',
      ...placeholder,
      ...(min === undefined ? {} : { min_value: String(min) }),
      ...(max === undefined ? {} : { max_value: String(max) }),
      ...initial,
    };
  }
  return {
    type: 'plain_text_input' as const,
    action_id: VALUE,
    max_length: Math.min(INPUT_MAX, lengthMax ?? INPUT_MAX),
    ...placeholder,
    ...initial,
  };
};

const isShort = (choice: string): boolean => choice.length > 0 && choice.length <= VALUE_MAX;

const optionOf = (choice: string) => ({ text: plainText(choice, VALUE_MAX), value: choice });

/**
 * The line that the person could have typed instead; the rules read it like any other. Otherwise the field whose value no
 * line can hold.
 */
export const lineOf = (
  job: string,
  values: Readonly<Record<string, string | undefined>>,
): { readonly line: string } | { readonly unwritable: string } => {
  const words = [`run ${job}`];
  for (const [name, value] of Object.entries(values)) {
    if (value === undefined || value === '') continue;
    const typed = asTyped(value.replaceAll(/\s+/g, ' ').trim());
    if (typed === undefined) return { unwritable: name };
    words.push(`${name}=${typed}`);
  }
  return { line: words.join(' ') };
};
