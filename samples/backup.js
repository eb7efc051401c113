// Copies a folder into a dated archive and reads the archive back before it says that it worked.
//   node backup.js SOURCE DESTINATION
// One file without any import of its own, so that its fingerprint covers everything it does.
import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { lstat, mkdir, readdir, readlink, rename, rm } from 'node:fs/promises';
import { join, posix, resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createGzip } from 'node:zlib';

const BLOCK = 512;
const PROGRESS_STEPS = 20;
const SIZE_MAX = 8 ** 11 - 1;

class Refusal extends Error {}

const main = async () => {
  const [source, destination] = process.argv.slice(2);
  if (source === undefined || destination === undefined)
    throw new Refusal('two arguments are needed: the source folder and the destination folder');
  const from = resolve(source);
  const to = resolve(destination);
  if (!(await lstat(from).catch(() => undefined))?.isDirectory())
    throw new Refusal(`the source folder ${source} does not exist`);
  await mkdir(to, { recursive: true });
  const entries = await listTree(from, to);
  const name = await freeName(to, `backup-${stamp(new Date())}`);
  const partial = join(to, `${name}.partial`);
  try {
    const written = await writeArchive(from, entries, partial);
    progress(95, 'verifying');
    await verify(partial, written);
    await rename(partial, join(to, name));
  } catch (error) {
    await rm(partial, { force: true });
    throw error;
  }
  const files = entries.filter((entry) => entry.type === 'file');
  const bytes = files.reduce((sum, file) => sum + file.size, 0);
  progress(100, 'verified');
  console.log(`${counted(files.length, 'file')}, ${readable(bytes)} → ${posix.join(destination, name)}`);
};

const progress = (percent, text) => console.log(`::progress ${percent} ${text}`);

const counted = (count, noun) => `${count} ${noun}${count === 1 ? '' : 's'}`;

const readable = (bytes) => {
  if (bytes < 1000) return `${bytes} B`;
  if (bytes < 1e6) return `${Math.round(bytes / 1000)} kB`;
  return bytes < 1e9 ? `${(bytes / 1e6).toFixed(1)} MB` : `${(bytes / 1e9).toFixed(1)} GB`;
};

const two = (number) => String(number).padStart(2, '0');

const stamp = (at) =>
  `${at.getFullYear()}${two(at.getMonth() + 1)}${two(at.getDate())}-` +
  `${two(at.getHours())}${two(at.getMinutes())}${two(at.getSeconds())}`;

/** Two backups within one second must not overwrite each other. */
const freeName = async (folder, base) => {
  const taken = new Set(await readdir(folder));
  for (let n = 1; ; n += 1) {
    const name = n === 1 ? `${base}.tar.gz` : `${base}-${n}.tar.gz`;
    if (!taken.has(name) && !taken.has(`${name}.partial`)) return name;
  }
};

/** Folders, files and symbolic links in a stable order; the destination is left out when it lies inside. */
const listTree = async (root, without, inside = '') => {
  const found = [];
  for (const child of (await readdir(join(root, inside))).toSorted()) {
    const path = posix.join(inside, child);
    const absolute = join(root, path);
    if (absolute === without) continue;
    const { size, mtimeMs, mode, ...is } = await describe(absolute);
    const entry = { path, size, mode: mode & 0o7777, mtime: Math.max(0, Math.floor(mtimeMs / 1000)) };
    if (is.folder)
      found.push({ ...entry, type: 'folder', size: 0 }, ...(await listTree(root, without, path)));
    else if (is.file) found.push({ ...entry, type: 'file' });
    else if (is.link) found.push({ ...entry, type: 'link', size: 0, target: await readlink(absolute) });
    else console.log(`left out, neither a file nor a folder: ${path}`);
  }
  return found;
};

const describe = async (path) => {
  const at = await lstat(path);
  const { size, mtimeMs, mode } = at;
  return { size, mtimeMs, mode, folder: at.isDirectory(), file: at.isFile(), link: at.isSymbolicLink() };
};

/** Returns the SHA-256 of every file as it went into the archive. */
const writeArchive = async (root, entries, archive) => {
  const hashes = new Map();
  const pack = async function* () {
    let step = 0;
    for (const [index, entry] of entries.entries()) {
      yield* header(entry);
      if (entry.type === 'file') yield* content(join(root, entry.path), entry, hashes);
      const reached = Math.floor(((index + 1) * PROGRESS_STEPS) / entries.length);
      if (reached > step)
        progress(Math.floor((reached * 90) / PROGRESS_STEPS), entry.path.replaceAll(/\s/g, ' '));
      step = reached;
    }
    yield Buffer.alloc(2 * BLOCK);
  };
  await pipeline(pack, createGzip(), createWriteStream(archive, { flags: 'wx', mode: 0o600, flush: true }));
  return hashes;
};

/** Exactly as many bytes as the header promises; a file that shrinks meanwhile cannot be backed up truthfully. */
const content = async function* (path, { size, path: name }, hashes) {
  const hash = createHash('sha256');
  let sent = 0;
  if (size > 0)
    for await (const chunk of createReadStream(path, { end: size - 1 })) {
      hash.update(chunk);
      sent += chunk.length;
      yield chunk;
    }
  if (sent !== size) throw new Refusal(`${name} changed while it was being copied`);
  hashes.set(name, hash.digest('hex'));
  yield Buffer.alloc(padding(size));
};

const padding = (size) => (BLOCK - (size % BLOCK)) % BLOCK;

const TYPE_FLAGS = { file: '0', link: '2', folder: '5' };

/** A ustar header; names that do not fit go before it into a pax record. */
const header = function* (entry) {
  if (entry.size > SIZE_MAX) throw new Refusal(`${entry.path} is larger than 8 GB`);
  const path = entry.type === 'folder' ? `${entry.path}/` : entry.path;
  const records = [
    ...(Buffer.byteLength(path) > 100 ? [paxRecord('path', path)] : []),
    ...(Buffer.byteLength(entry.target ?? '') > 100 ? [paxRecord('linkpath', entry.target)] : []),
  ];
  if (records.length > 0) {
    const body = Buffer.concat(records);
    yield block({ path: 'pax', mode: 0o644, size: body.length, mtime: entry.mtime, flag: 'x' });
    yield body;
    yield Buffer.alloc(padding(body.length));
  }
  yield block({ ...entry, path, flag: TYPE_FLAGS[entry.type] });
};

/** `LENGTH KEY=VALUE\n`, where LENGTH counts itself. */
const paxRecord = (key, value) => {
  const rest = Buffer.byteLength(` ${key}=${value}\n`);
  let length = rest + String(rest).length;
  length = rest + String(length).length;
  return Buffer.from(`${length} ${key}=${value}\n`);
};

const block = ({ path, mode, size, mtime, flag, target = '' }) => {
  const bytes = Buffer.alloc(BLOCK);
  const octal = (number, at, width) =>
    bytes.write(`${number.toString(8).padStart(width - 1, '0')}\0`, at, 'latin1');
  Buffer.from(path).copy(bytes, 0, 0, 100);
  octal(mode, 100, 8);
  octal(0, 108, 8);
  octal(0, 116, 8);
  octal(size, 124, 12);
  octal(mtime, 136, 12);
  bytes.write(' '.repeat(8), 148, 'latin1');
  bytes.write(flag, 156, 'latin1');
  Buffer.from(target).copy(bytes, 157, 0, 100);
  bytes.write('ustar\x0000', 257, 'latin1');
  const sum = bytes.reduce((total, byte) => total + byte, 0);
  bytes.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  return bytes;
};

/** Reads the archive from the disk again and compares every file with what went in. */
const verify = async (archive, expected) => {
  const missing = new Map(expected);
  for await (const { path, hash } of readBack(archive)) {
    if (missing.get(path) !== hash) throw new Error(`the archive is damaged at ${path}`);
    missing.delete(path);
  }
  if (missing.size > 0) throw new Error(`the archive lacks ${counted(missing.size, 'file')}`);
};

const readBack = async function* (archive) {
  const bytes = byteReader(createReadStream(archive).pipe(createGunzip()));
  let longPath;
  for (;;) {
    const head = await bytes.whole(BLOCK);
    if (head.every((byte) => byte === 0)) return;
    const size = Number.parseInt(text(head, 124, 12), 8);
    const flag = text(head, 156, 1);
    const hash = createHash('sha256');
    const kept = [];
    for await (const part of bytes.take(size)) {
      hash.update(part);
      if (flag === 'x') kept.push(part);
    }
    await bytes.whole(padding(size));
    if (flag === 'x') longPath = / path=([^\n]+)\n/.exec(Buffer.concat(kept).toString())?.[1];
    else {
      if (flag === '0') yield { path: longPath ?? text(head, 0, 100), hash: hash.digest('hex') };
      longPath = undefined;
    }
  }
};

const text = (bytes, at, length) =>
  bytes
    .subarray(at, at + length)
    .toString()
    .replace(/\0.*$/s, '');

/** Takes exactly as many bytes as asked, in the pieces in which they come. */
const byteReader = (stream) => {
  const chunks = stream[Symbol.asyncIterator]();
  let rest = Buffer.alloc(0);
  const take = async function* (length) {
    for (let left = length; left > 0; ) {
      if (rest.length === 0) {
        const next = await chunks.next();
        if (next.done) throw new Error('the archive ends too early');
        rest = next.value;
      }
      const part = rest.subarray(0, left);
      rest = rest.subarray(part.length);
      left -= part.length;
      yield part;
    }
  };
  const whole = async (length) => {
    const parts = [];
    for await (const part of take(length)) parts.push(part);
    return Buffer.concat(parts);
  };
  return { take, whole };
};

try {
  await main();
} catch (error) {
  console.error(`backup: ${error.message}`);
  process.exitCode = error instanceof Refusal ? 2 : 1;
}
