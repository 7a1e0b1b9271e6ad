/** Who looked at what. Written before it is shown: what cannot be written down is not shown. */
import type { Database } from './database.ts';

export interface AuditEntry {
  readonly at: number;
  readonly who: string;
  readonly action: 'recording-listened';
  readonly subject: string;
  readonly detail: Readonly<Record<string, string | null>>;
}

export async function writeAudit(db: Database, centre: string, { at, who, action, subject, detail }: AuditEntry): Promise<void> {
  await db.insertInto('audit').values({ centre, at: new Date(at), who, action, subject, detail: JSON.stringify(detail) }).execute();
}
