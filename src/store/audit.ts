import type { Database } from './database.ts';

export interface AuditEntry {
  readonly at: number;
  readonly agent: string;
  readonly action: string;
  /** What it was done to. */
  readonly subject: string;
  readonly detail: Readonly<Record<string, string | null>>;
}

export interface Audit {
  write(entry: AuditEntry): Promise<void>;
}

/** Who did what that must be found again. A write that fails rejects, so that the act can be refused. */
export function audit(db: Database, { centre }: { readonly centre: string }): Audit {
  return {
    write: async ({ at, agent, action, subject, detail }) => {
      await db.insertInto('audit').values({ centre, at: new Date(at), who: agent, action, subject, detail: JSON.stringify(detail) }).execute();
    },
  };
}
