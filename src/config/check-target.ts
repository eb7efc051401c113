import type { FileJob } from './catalog-schema.ts';
import type { Finding, Path } from './problem.ts';
import { didYouMean, quoted } from './suggest.ts';

/** What runs: exactly one way of running, and placeholders that stand for something. */
export const checkTarget = (job: FileJob, at: Path): Finding[] => [
  ...checkKind(job, at),
  ...checkArgv(job, 'command', at),
  ...checkArgv(job, 'preview', at),
  ...checkHttp(job, at),
];

const KINDS = ['command', 'http', 'demo'] as const;
const WITH_COMMAND = ['cwd', 'env'] as const;

const checkKind = (job: FileJob, at: Path): Finding[] => {
  const given = KINDS.filter((kind) => job[kind] !== undefined);
  if (given.length === 0)
    return [{ path: at, message: `nothing to run; give it one of ${KINDS.join(', ')}` }];
  if (given.length > 1) return [{ path: at, message: `${given.join(' and ')} exclude each other; keep one` }];
  if (job.command !== undefined) return [];
  return WITH_COMMAND.filter((key) => job[key] !== undefined).map(
    (key): Finding => ({ path: [...at, key], message: 'goes with command only', on: 'key' }),
  );
};

const checkArgv = (job: FileJob, key: 'command' | 'preview', at: Path): Finding[] =>
  (job[key] ?? []).flatMap((argument, index): Finding[] => {
    const path = [...at, key, index];
    if (argument.includes('\0'))
      return [{ path, message: 'contains a NUL character, which no program can be given' }];
    if (index > 0) return checkPlaceholder(job, argument, path);
    if (argument.trim() === '') return [{ path, message: 'names no program' }];
    return placeholdersIn(argument).length === 0
      ? []
      : [{ path, message: 'the program itself cannot be a parameter; whoever asks would choose what runs' }];
  });

const checkPlaceholder = (job: FileJob, text: string, path: Path): Finding[] => {
  const whole = WHOLE.exec(text)?.[1];
  const names = whole === undefined ? placeholdersIn(text) : [whole];
  const unknown = names.find((name) => !Object.hasOwn(job.params, name));
  if (unknown !== undefined) {
    const guess = didYouMean(unknown, Object.keys(job.params));
    return [{ path, message: `no parameter called "${unknown}"${guess}` }];
  }
  return whole === undefined && names.length > 0
    ? [
        {
          path,
          message: `${quoted(text)}: a placeholder is a whole argument; put {${names[0]}} in one of its own`,
        },
      ]
    : [];
};

const WHOLE = /^\{([A-Za-z][\w-]*)\}$/;

const placeholdersIn = (text: string): string[] =>
  [...text.matchAll(/\{([A-Za-z][\w-]*)\}/g)].map(([, name = '']) => name);

const checkHttp = ({ http, ...job }: FileJob, at: Path): Finding[] => {
  if (http === undefined) return [];
  const all = { ...job, http };
  const headers = Object.entries(http.headers).flatMap(([name, value]): Finding[] => {
    const path = [...at, 'http', 'headers', name];
    return /[\r\n\0]/.test(value)
      ? [{ path, message: 'contains a line break' }]
      : checkPlaceholder(all, value, path);
  });
  const bodyless = http.body !== undefined && http.method === 'GET';
  return [
    ...checkUrl(http.url, [...at, 'http', 'url']),
    ...headers,
    ...(bodyless
      ? [{ path: [...at, 'http', 'body'], message: 'a GET request has no body', on: 'key' as const }]
      : []),
    ...checkBody(all, http.body, [...at, 'http', 'body']),
  ];
};

const checkUrl = (url: string, path: Path): Finding[] =>
  placeholdersIn(url).length === 0
    ? []
    : [
        {
          path,
          message: 'a placeholder is a whole value, so it cannot be part of the address; put it in the body',
        },
      ];

const checkBody = (job: FileJob, body: unknown, path: Path): Finding[] => {
  if (typeof body === 'string') return checkPlaceholder(job, body, path);
  if (Array.isArray(body)) return body.flatMap((each, index) => checkBody(job, each, [...path, index]));
  if (typeof body !== 'object' || body === null) return [];
  return Object.entries(body).flatMap(([key, each]) => checkBody(job, each, [...path, key]));
};
