/** What Slack's reference says about the blocks that we use; anything else is refused, as Slack refuses it. */

type Problem = string;
type Json = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const textProblems = (where: string, text: unknown, max: number, types: readonly string[]): Problem[] => {
  if (!isObject(text)) return [`${where}: no text object`];
  const { type, text: words } = text;
  return [
    ...(types.includes(String(type)) ? [] : [`${where}: type ${String(type)}`]),
    ...(typeof words === 'string' && words.length > 0 ? [] : [`${where}: empty`]),
    ...(typeof words === 'string' && words.length > max ? [`${where}: ${words.length} of ${max}`] : []),
  ];
};

const unknownKeys = (where: string, object: Json, allowed: readonly string[]): Problem[] =>
  Object.keys(object)
    .filter((key) => !allowed.includes(key))
    .map((key) => `${where}: unknown ${key}`);

const PLAIN = ['plain_text'];

const confirmProblems = (where: string, confirm: unknown): Problem[] => {
  if (confirm === undefined) return [];
  if (!isObject(confirm)) return [`${where}: confirm`];
  return [
    ...textProblems(`${where}.title`, confirm.title, 100, PLAIN),
    ...textProblems(`${where}.text`, confirm.text, 300, PLAIN),
    ...textProblems(`${where}.confirm`, confirm.confirm, 30, PLAIN),
    ...textProblems(`${where}.deny`, confirm.deny, 30, PLAIN),
  ];
};

const buttonProblems = (where: string, button: unknown): Problem[] => {
  if (!isObject(button)) return [`${where}: no element`];
  const { type, text, value, style, action_id, confirm } = button;
  return [
    ...(type === 'button' ? [] : [`${where}: element ${String(type)}`]),
    ...unknownKeys(where, button, ['type', 'text', 'value', 'style', 'action_id', 'confirm']),
    ...textProblems(`${where}.text`, text, 75, PLAIN),
    ...(typeof value === 'string' && value.length <= 2000 ? [] : [`${where}: value`]),
    ...(style === undefined || style === 'primary' || style === 'danger' ? [] : [`${where}: style`]),
    ...(typeof action_id === 'string' && action_id.length <= 255 ? [] : [`${where}: action_id`]),
    ...confirmProblems(`${where}.confirm`, confirm),
  ];
};

const blockProblems = (block: unknown, index: number): Problem[] => {
  const where = `blocks[${index}]`;
  if (!isObject(block)) return [`${where}: no object`];
  if (block.type === 'section') {
    return [
      ...unknownKeys(where, block, ['type', 'text', 'block_id']),
      ...textProblems(`${where}.text`, block.text, 3000, ['mrkdwn', 'plain_text']),
    ];
  }
  if (block.type === 'actions') {
    const { elements } = block;
    if (!Array.isArray(elements) || elements.length < 1 || elements.length > 25)
      return [`${where}: elements`];
    const ids = elements.map((one) => (isObject(one) ? one.action_id : undefined));
    return [
      ...(new Set(ids).size === ids.length ? [] : [`${where}: action_id twice`]),
      ...elements.flatMap((one, at) => buttonProblems(`${where}[${at}]`, one)),
    ];
  }
  return [`${where}: ${String(block.type)} is not known here`];
};

export const messageProblems = (blocks: unknown): readonly Problem[] => {
  if (blocks === undefined) return [];
  if (!Array.isArray(blocks) || blocks.length > 50) return ['blocks: no list of at most 50'];
  return blocks.flatMap(blockProblems);
};

const optionProblems = (where: string, option: unknown): Problem[] =>
  isObject(option) && typeof option.value === 'string' && option.value.length <= 150
    ? textProblems(where, option.text, 75, PLAIN)
    : [`${where}: value`];

const ELEMENTS: Readonly<Record<string, readonly string[]>> = {
  static_select: ['type', 'action_id', 'options', 'initial_option', 'placeholder'],
  number_input: [
    'type',
    'action_id',
    'is_decimal_allowed',
    'min_value',
    'max_value',
    'initial_value',
    'placeholder',
  ],
  plain_text_input: ['type', 'action_id', 'max_length', 'initial_value', 'placeholder'],
};

const elementProblems = (where: string, element: unknown): Problem[] => {
  if (!isObject(element)) return [`${where}: no element`];
  const allowed = ELEMENTS[String(element.type)];
  if (allowed === undefined) return [`${where}: ${String(element.type)}`];
  const { options = [], max_length, placeholder } = element;
  return [
    ...unknownKeys(where, element, allowed),
    ...(placeholder === undefined ? [] : textProblems(`${where}.placeholder`, placeholder, 150, PLAIN)),
    ...(element.type === 'static_select' && Array.isArray(options)
      ? [
          ...(options.length >= 1 && options.length <= 100 ? [] : [`${where}: options`]),
          ...options.flatMap((one, at) => optionProblems(`${where}.options[${at}]`, one)),
        ]
      : []),
    ...(max_length === undefined || (Number(max_length) >= 1 && Number(max_length) <= 3000)
      ? []
      : [`${where}: max_length`]),
  ];
};

export const viewProblems = (view: unknown): readonly Problem[] => {
  if (!isObject(view) || view.type !== 'modal') return ['view: no modal'];
  const { title, submit, close, blocks, private_metadata = '', callback_id = '' } = view;
  if (!Array.isArray(blocks) || blocks.length > 100) return ['view: blocks'];
  return [
    ...textProblems('title', title, 24, PLAIN),
    ...textProblems('submit', submit, 24, PLAIN),
    ...textProblems('close', close, 24, PLAIN),
    ...(String(private_metadata).length <= 3000 ? [] : ['private_metadata']),
    ...(String(callback_id).length <= 255 ? [] : ['callback_id']),
    ...blocks.flatMap((block: unknown, at) => {
      if (!isObject(block) || block.type !== 'input') return [`blocks[${at}]: no input`];
      return [
        ...textProblems(`blocks[${at}].label`, block.label, 2000, PLAIN),
        ...elementProblems(`blocks[${at}].element`, block.element),
      ];
    }),
  ];
};
