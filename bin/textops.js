#!/usr/bin/env node
// Plain JavaScript, so that an older Node can still read it and say what is missing.
import { existsSync } from 'node:fs';
import module from 'node:module';
import { fileURLToPath } from 'node:url';

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major > 22 || (major === 22 && minor >= 18)) {
  // Stripping the types of a few hundred files is most of a start, and the same every time. It lies beside the program, where
  // nobody else may write; where nothing may be written, every start is a first one.
  module.enableCompileCache(fileURLToPath(new URL('../node_modules/.cache/textops', import.meta.url)));
  // A clone runs its sources; a package has only what was built, because Node strips no types below node_modules.
  const source = new URL('../src/main.ts', import.meta.url);
  await import(existsSync(source) ? source.href : new URL('../dist/main.js', import.meta.url).href);
} else {
  console.error(`textops needs Node 22.18 or newer; this is Node ${process.versions.node}.`);
  process.exitCode = 1;
}
