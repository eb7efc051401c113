import type { IncomingMessage } from 'node:http';
import { badRequest } from './api-error.ts';
import { isRecord } from './params.ts';
import type { Params, UploadedFile } from './wire.ts';

export const readBody = async (request: IncomingMessage): Promise<Buffer> => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks);
};

/** The parameters of a call, from the query string and whichever of the three body forms was used. */
export const parseParams = (contentType: string, query: string, body: Buffer): Params => ({
  ...(query === '' ? {} : Object.fromEntries(new URLSearchParams(query))),
  ...(body.length === 0 ? {} : parseBody(contentType, body)),
});

const parseBody = (contentType: string, body: Buffer): Params => {
  if (contentType.startsWith('application/json')) return parseJson(body);
  if (contentType.startsWith('application/x-www-form-urlencoded')) {
    return Object.fromEntries(new URLSearchParams(body.toString()));
  }
  const boundary = /^multipart\/form-data;.*boundary="?([^";]+)"?/i.exec(contentType)?.[1];
  return boundary === undefined ? {} : parseMultipart(body, boundary);
};

const parseJson = (body: Buffer): Params => {
  try {
    const value: unknown = JSON.parse(body.toString());
    return isRecord(value) ? value : {};
  } catch {
    // The caller wrote the body: a broken one is answered, not thrown.
    throw badRequest("can't parse request JSON object");
  }
};

const parseMultipart = (body: Buffer, boundary: string): Params => {
  const params: Record<string, string | UploadedFile> = {};
  const delimiter = Buffer.from(`--${boundary}`);
  let start = body.indexOf(delimiter);
  while (start !== -1) {
    const end = body.indexOf(delimiter, start + delimiter.length);
    if (end === -1) break;
    addPart(params, body.subarray(start + delimiter.length + 2, end - 2));
    start = end;
  }
  return params;
};

const addPart = (params: Record<string, string | UploadedFile>, part: Buffer): void => {
  const split = part.indexOf('\r\n\r\n');
  if (split === -1) return;
  const head = part.subarray(0, split).toString();
  const content = part.subarray(split + 4);
  const name = /[; ]name="([^"]*)"/i.exec(head)?.[1];
  if (name === undefined) return;
  const fileName = /filename=(?:"([^"]*)"|([^\s;]+))/i.exec(head);
  params[name] =
    fileName === null
      ? content.toString()
      : {
          fileName: fileName[1] ?? fileName[2] ?? '',
          contentType: /content-type:\s*([^\r\n]+)/i.exec(head)?.[1] ?? 'application/octet-stream',
          size: content.length,
          content: content.toString(),
        };
};
