import { parse, TomlError } from 'smol-toml';
import type { Source } from './read-yaml.ts';

/** TOML has positions for broken syntax only; everything else is named by its path. */
export const readToml = (text: string, file: string): Source => {
  try {
    return { value: parse(text), problems: [], placeOf: () => undefined };
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    const source = text.split(/\r?\n/)[error.line - 1] ?? '';
    const reason = error.message.replace(/^Invalid TOML document: /, '').split('\n')[0] ?? '';
    const place = { line: error.line, column: Math.max(1, error.column), length: 1, text: source };
    return {
      value: undefined,
      problems: [{ file, path: '', message: `not valid TOML: ${reason}`, place }],
      placeOf: () => undefined,
    };
  }
};
