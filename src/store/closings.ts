import { sql } from 'kysely';

/** Which events close queues and open them again; in the words of the index that finds them (migrations/0003_closings.ts). */
export const ofClosing = sql<boolean>`call_event.type in ('queue-closed', 'queue-reopened')`;
