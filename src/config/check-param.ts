import type { FileParam } from './catalog-schema.ts';
import { boundOf, checkValue, typedValue } from './param-value.ts';
import { patternProblem } from './pattern.ts';
import type { Finding, Path } from './problem.ts';

/** Whether the parts of one parameter fit its type and each other. */
export const checkParam = (param: FileParam, at: Path): Finding[] => [
  ...misplaced(param, at),
  ...checkBounds(param, at),
  ...checkPattern(param, at),
  ...checkEnum(param, at),
  ...checkDefault(param, at),
];

const TEXT_ONLY = ['pattern', 'maxLength', 'allowDash'] as const;
const SIZED = ['integer', 'number', 'duration'];

const misplaced = (param: FileParam, at: Path): Finding[] => [
  ...TEXT_ONLY.filter((key) => param[key] !== undefined && param.type !== 'string').map(
    (key): Finding => ({
      path: [...at, key],
      message: `goes with type: string only, not ${param.type}`,
      on: 'key',
    }),
  ),
  ...(['min', 'max'] as const)
    .filter((key) => param[key] !== undefined && !SIZED.includes(param.type))
    .map(
      (key): Finding => ({
        path: [...at, key],
        message: `goes with type: integer, number or duration only, not ${param.type}${lengthHint(param, key)}`,
        on: 'key',
      }),
    ),
];

const lengthHint = (param: FileParam, key: 'min' | 'max'): string =>
  param.type === 'string' && key === 'max' ? '; the longest text is maxLength' : '';

const checkBounds = (param: FileParam, at: Path): Finding[] => {
  if (!SIZED.includes(param.type)) return [];
  const bad = (['min', 'max'] as const)
    .filter((key) => param[key] !== undefined && boundOf(param, param[key]) === undefined)
    .map((key): Finding => ({ path: [...at, key], message: `${param[key]} is not a ${param.type}` }));
  const min = boundOf(param, param.min);
  const max = boundOf(param, param.max);
  return min !== undefined && max !== undefined && min > max
    ? [...bad, { path: [...at, 'min'], message: `${param.min} is above max ${param.max}` }]
    : bad;
};

const checkPattern = ({ pattern, type }: FileParam, at: Path): Finding[] => {
  const message = pattern === undefined || type !== 'string' ? undefined : patternProblem(pattern);
  return message === undefined ? [] : [{ path: [...at, 'pattern'], message }];
};

const checkEnum = (param: FileParam, at: Path): Finding[] => {
  if (param.enum === undefined) return [];
  if (param.type === 'boolean')
    return [{ path: [...at, 'enum'], message: 'a boolean is true or false and needs no list', on: 'key' }];
  const seen = new Set<unknown>();
  return param.enum.flatMap((each, index): Finding[] => {
    const path = [...at, 'enum', index];
    const checked = typedValue(param, each);
    if (!checked.ok) return [{ path, message: checked.message }];
    if (seen.has(checked.value)) return [{ path, message: `${checked.value} is listed twice` }];
    seen.add(checked.value);
    return [];
  });
};

const checkDefault = (param: FileParam, at: Path): Finding[] => {
  if (param.default === undefined) return [];
  if (param.required === true)
    return [{ path: [...at, 'required'], message: 'true contradicts the default; remove one of the two' }];
  const checked = checkValue(param, param.default);
  return checked.ok ? [] : [{ path: [...at, 'default'], message: checked.message }];
};
