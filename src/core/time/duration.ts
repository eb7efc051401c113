/** Milliseconds of `10m`, `30s`, `1h30m`, `500ms` or `2d`; undefined for anything else. Larger units come first. */
export const parseDuration = (text: string): number | undefined => {
  const found = DURATION.exec(text);
  if (found === null || text === '') return undefined;
  const ms = UNITS.reduce((sum, { unitMs }, at) => sum + Number(found[at + 1] ?? 0) * unitMs, 0);
  return Number.isSafeInteger(ms) ? ms : undefined;
};

/** The one canonical text of a duration: in the largest unit that divides it, so 90 s is `90s` and 120 s is `2m`. */
export const shortDuration = (ms: number): string => {
  if (ms === 0) return '0s';
  const unit = LARGE_UNITS.find(({ unitMs }) => ms % unitMs === 0) ?? MILLISECOND;
  return `${ms / unit.unitMs}${unit.name}`;
};

/** For people: `12ms`, `0.4s`, `12s`, `1m 42s`, `4m 02s`, `1h 05m`, `6d 4h`. Two units at most. */
export const formatDuration = (ms: number): string => {
  if (ms === 0) return '0s';
  if (ms < 100) return `${Math.max(1, Math.round(ms))}ms`;
  const tenths = Math.round(ms / 100);
  if (tenths < 100) return `${tenths / 10}s`;
  const seconds = Math.round(ms / SECOND);
  if (seconds < 60) return `${seconds}s`;
  if (seconds < 3600) return twoUnits(Math.floor(seconds / 60), 'm', padded(seconds % 60), 's');
  const minutes = Math.floor(seconds / 60);
  if (minutes < 1440) return twoUnits(Math.floor(minutes / 60), 'h', padded(minutes % 60), 'm');
  const hours = Math.floor(minutes / 60);
  return twoUnits(Math.floor(hours / 24), 'd', String(hours % 24), 'h');
};

/** "9m": the largest unit alone, for where there is no room. */
export const coarseDuration = (ms: number): string => formatDuration(ms).split(' ', 1)[0] ?? '';

const SECOND = 1000;
const MILLISECOND = { name: 'ms', unitMs: 1 } as const;
const LARGE_UNITS = [
  { name: 'd', unitMs: 86_400_000 },
  { name: 'h', unitMs: 3_600_000 },
  { name: 'm', unitMs: 60_000 },
  { name: 's', unitMs: SECOND },
] as const;
const UNITS = [...LARGE_UNITS, MILLISECOND] as const;
// At most 16 digits: more could not be a safe integer, and an unbounded run of digits is nobody's duration.
const DURATION = /^(?:(\d{1,16})d)?(?:(\d{1,16})h)?(?:(\d{1,16})m(?!s))?(?:(\d{1,16})s)?(?:(\d{1,16})ms)?$/;

const padded = (part: number): string => String(part).padStart(2, '0');

const twoUnits = (large: number, largeUnit: string, small: string, smallUnit: string): string =>
  Number(small) === 0 ? `${large}${largeUnit}` : `${large}${largeUnit} ${small}${smallUnit}`;
