/** How long ago a contact may have arrived that is still alive: what Postgres is asked for no older. */
import { expiresHoursMax } from '../config/callback-file.ts';

/** Nobody calls for longer. */
export const callsWithin = '1 day';
/** Nobody is called back later than that after a call, nor talks for longer then. */
export const calledBackWithin = `${expiresHoursMax + 24} hours`;
