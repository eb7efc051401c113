import { closeSync, fstatSync, mkdirSync, openSync, renameSync, statSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';

export interface RotatingFileOptions {
  readonly path: string;
  readonly bytesMax?: number;
  /** The one being written included. */
  readonly filesMax?: number;
  /** Called for the first fault of a series; the log goes on without the file and tries again with the next line. */
  readonly onFault: (error: unknown) => void;
}

export const LOG_BYTES_MAX = 20 * 1024 * 1024;
export const LOG_FILES_MAX = 5;

/** `textops.log`, and behind it `textops.log.1` to `textops.log.4`, the largest number being the oldest. */
export const rotatedPath = (path: string, age: number): string => (age === 0 ? path : `${path}.${age}`);

/** Appends whole lines, one or several at a time, and has written them when it returns. */
export const rotatingFile = (options: RotatingFileOptions): ((line: string) => void) => {
  const { path, bytesMax = LOG_BYTES_MAX, filesMax = LOG_FILES_MAX, onFault } = options;
  let file: number | undefined;
  let faulted = false;
  const write = (line: string): void => {
    file ??= open(path);
    if (fstatSync(file).size + Buffer.byteLength(line) > bytesMax && fstatSync(file).size > 0) {
      const full = file;
      file = undefined;
      try {
        // Another process that writes the same log may have put it aside already.
        if (isFileAt(path, full)) shift(path, filesMax);
      } finally {
        // It is opened anew for every line until it can be put aside.
        closeSync(full);
      }
      file = open(path);
    }
    writeSync(file, line);
  };
  return (line) => {
    try {
      write(line);
      faulted = false;
    } catch (error) {
      const first = !faulted;
      // Before the call, because the warning comes back here as a line.
      faulted = true;
      if (first) onFault(error);
    }
  };
};

const open = (path: string): number => {
  mkdirSync(dirname(path), { recursive: true });
  // Who asked for what is nobody's business but the operator's.
  return openSync(path, 'a', 0o600);
};

const isFileAt = (path: string, file: number): boolean =>
  statSync(path, { throwIfNoEntry: false })?.ino === fstatSync(file).ino;

const shift = (path: string, filesMax: number): void => {
  for (let age = filesMax - 2; age >= 0; age -= 1) {
    const from = rotatedPath(path, age);
    if (statSync(from, { throwIfNoEntry: false }) !== undefined) renameSync(from, rotatedPath(path, age + 1));
  }
};
