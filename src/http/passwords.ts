/**
 * Passwords are generated for each installation and kept beside the phones' in a file that only its owner may read; SIP
 * needs its own in the clear, so a slow hash for these would protect nothing that lies next to it. Guessing is bounded
 * by the sign-in's rate limit.
 */
import { createHash, timingSafeEqual } from 'node:crypto';

export type Verify = (agent: string, password: string) => Promise<boolean>;

/** The same work for an agent that does not exist, and a comparison whose time says nothing of where it differed. */
export function passwordVerifier(passwordOf: (agent: string) => Promise<string | undefined>): Verify {
  return async (agent, password) => {
    const expected = await passwordOf(agent);
    return timingSafeEqual(digest(password), digest(expected ?? '')) && expected !== undefined && expected !== '';
  };
}

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
