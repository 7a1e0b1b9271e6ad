/** The configurations that held, in Postgres by their versions. Written once and never changed: a version is its content. */
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import { assert } from '../base/assert.ts';
import type { Database } from './database.ts';
import type { Seal } from './seal.ts';

export type Files = ReadonlyMap<string, string>;

export interface Configurations {
  /** Answers false where it is too large to be kept. */
  keep(version: string, files: Files): Promise<boolean>;
  /** Those of the versions that are kept and can be read. */
  read(versions: readonly string[]): Promise<ReadonlyMap<string, Files>>;
}

/** Of all files together, before they are packed: a centre of 50,000 agents has 10 MB of them. */
export const filesBytesMax = 32_000_000;

export function configurations(db: Database, { centre, seal }: { readonly centre: string; readonly seal: Seal }): Configurations {
  return {
    keep: async (version, files) => {
      const text = JSON.stringify([...files]);
      if (Buffer.byteLength(text) > filesBytesMax) return false;
      const there = await db.selectFrom('configuration').select('version').where('centre', '=', centre).where('version', '=', version).executeTakeFirst();
      if (there !== undefined) return true;
      // Packed beside the loop: a large one takes some 100 ms, and calls are decided meanwhile.
      const packed = await promisify(gzip)(text);
      await db.insertInto('configuration').values({ centre, version, files: seal.close(packed.toString('base64')) }).onConflict((it) => it.doNothing()).execute();
      return true;
    },
    read: async (versions) => {
      if (versions.length === 0) return new Map();
      const rows = await db.selectFrom('configuration').select(['version', 'files']).where('centre', '=', centre).where('version', 'in', versions).execute();
      const found = new Map<string, Files>();
      for (const { version, files } of rows) {
        // With another key it comes back empty, and the past is told as if it had not been kept.
        const packed = seal.open(files);
        if (packed !== '') found.set(version, await unpacked(packed));
      }
      return found;
    },
  };
}

async function unpacked(packed: string): Promise<Files> {
  const text = await promisify(gunzip)(Buffer.from(packed, 'base64'), { maxOutputLength: filesBytesMax });
  const files: unknown = JSON.parse(text.toString());
  assert(Array.isArray(files), 'kept files are a list of names and texts');
  return new Map(files as [string, string][]);
}
