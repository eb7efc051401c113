import { badRequest } from './api-error.ts';
import type { Params } from './wire.ts';

/** Reads a parameter as text. Forms carry only text, JSON bodies carry numbers too; both are accepted. */
export const textParam = (params: Params, name: string): string => {
  const value = params[name];
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';
};

/** Like Telegram: what is no integer counts as the default, what is out of bounds is pulled inside. */
export const integerParam = (
  params: Params,
  name: string,
  otherwise: number,
  min = Number.MIN_SAFE_INTEGER,
  max = Number.MAX_SAFE_INTEGER,
): number => {
  const value = Number.parseInt(textParam(params, name), 10);
  return Math.min(max, Math.max(min, Number.isNaN(value) ? otherwise : value));
};

export const booleanParam = (params: Params, name: string): boolean => {
  const value = textParam(params, name).toLowerCase();
  return value === 'true' || value === 'yes' || value === '1';
};

/** A structured parameter: an object in a JSON body, or JSON text in a form. */
export const jsonParam = (params: Params, name: string, complaint: string): unknown => {
  const value = params[name];
  if (typeof value !== 'string') return value ?? undefined;
  if (value === '') return undefined;
  try {
    return JSON.parse(value);
  } catch {
    // The text came from the caller: broken JSON is the caller's error and gets Telegram's answer.
    throw badRequest(complaint);
  }
};

export const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
