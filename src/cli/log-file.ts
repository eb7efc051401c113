import { join } from 'node:path';

/** Where a program that was started in this folder keeps its log. */
export const logFile = (cwd: string): string => join(cwd, 'data', 'logs', 'textops.log');
