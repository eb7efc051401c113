import { badRequest } from './api-error.ts';
import { tidyText } from './entities.ts';
import { parseHtml } from './html.ts';
import { isRecord, jsonParam, textParam } from './params.ts';
import type { Entity, FormattedText, Params } from './wire.ts';

const sourceBytesMax = 1 << 15;
const textUnitsMax = 4096;
const captionUnitsMax = 1024;

/** The text of a message, parsed first; `checkLength` measures it once the chat is known. */
export const messageText = (params: Params): FormattedText => {
  const source = textParam(params, 'text');
  if (source === '') throw badRequest('message text is empty');
  const formatted = formatText(source, params, 'entities');
  if (formatted.text === '') throw badRequest('text must be non-empty');
  return formatted;
};

export const captionText = (params: Params): FormattedText => {
  const formatted = formatText(textParam(params, 'caption'), params, 'caption_entities');
  if (formatted.text.length > captionUnitsMax) throw badRequest('message caption is too long');
  return formatted;
};

/** Counted in UTF-16 units after the tags are gone. */
export const checkLength = (formatted: FormattedText): void => {
  if (formatted.text.length > textUnitsMax) throw badRequest('message is too long');
};

const formatText = (source: string, params: Params, entitiesName: string): FormattedText => {
  if (source === '') return { text: '', entities: [] };
  if (Buffer.byteLength(source) > sourceBytesMax) throw badRequest('text is too long');
  const mode = textParam(params, 'parse_mode').toLowerCase();
  if (mode === 'html') return tidyText(parseHtml(source));
  // Markdown is refused on purpose: the house writes HTML only, so its use is a mistake worth a loud answer.
  if (mode !== '' && mode !== 'none') throw badRequest('unsupported parse_mode');
  return tidyText({ text: source, entities: givenEntities(params, entitiesName, source.length) });
};

const givenEntities = (params: Params, name: string, end: number): readonly Entity[] => {
  const value = jsonParam(params, name, "can't parse entities JSON object");
  if (!Array.isArray(value)) return [];
  return value.flatMap((entity): readonly Entity[] => {
    const { type, offset, length, ...rest } = isRecord(entity) ? entity : {};
    if (typeof type !== 'string' || typeof offset !== 'number' || typeof length !== 'number') {
      throw badRequest('can\'t parse MessageEntity: Field "type", "offset" or "length" is missing');
    }
    return offset < 0 || offset >= end ? [] : [{ ...rest, type, offset, length }];
  });
};
