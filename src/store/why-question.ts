/** What a thread of whys.ts is asked, and how it answers. */
import type { AgentWhy, ContactWhy } from './why.ts';

export interface WhyQuestion {
  readonly contact: string;
  /** Why this one did not get it. */
  readonly agent?: string;
  readonly at: number;
}

/** What the thread has to be given: it shares nothing with us. */
export interface WhyTask {
  readonly databaseUrl: string;
  readonly storeKey: string;
  readonly centre: string;
  readonly present: { readonly version: string; readonly files: ReadonlyMap<string, string> };
  readonly question: WhyQuestion;
}

export type WhyAnswer =
  | { readonly ok: true; readonly why: ContactWhy | AgentWhy | undefined }
  /** `passing`: Postgres is away for the moment. */
  | { readonly ok: false; readonly passing: boolean; readonly error: string };
