import { runCli } from './cli/cli.ts';

// `textops runs | head` closes the pipe before everything is said. That is no fault: a command that only answers ends,
// a program that works goes on unread.
let outlivesReaders = false;
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  if (!outlivesReaders) process.exit(0);
});
process.stderr.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});

process.exitCode = await runCli({
  argv: process.argv.slice(2),
  env: process.env,
  stdout: process.stdout,
  stderr: process.stderr,
  stdin: process.stdin,
  cwd: process.cwd(),
  now: Date.now,
  outliveReaders: () => {
    outlivesReaders = true;
  },
});
