import { mkdir, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A folder for a Unix socket, which only this user may enter. The path of one has room for 107 bytes; a deep folder needs another place for it. */
export async function socketFolder(root: string, socket: string): Promise<string> {
  const folder = join(root, 'run');
  const short = Buffer.byteLength(join(folder, socket)) < 100 ? folder : await mkdtemp(join(tmpdir(), 'rexian-'));
  await mkdir(short, { recursive: true, mode: 0o700 });
  return short;
}
