/** Passwords as kept and as checked: scrypt, with the same work done for an agent that does not exist. */
import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';

const derive = promisify<string, Buffer, number, Buffer>(scrypt);
const keyBytes = 32;

/** `salt:key`, both in base64url. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16);
  const key = await derive(password, salt, keyBytes);
  return `${salt.toString('base64url')}:${key.toString('base64url')}`;
}

export type Verify = (agent: string, password: string) => Promise<boolean>;

export function passwordVerifier(hashOf: (agent: string) => string | undefined): Verify {
  const nobody = `${randomBytes(16).toString('base64url')}:${randomBytes(keyBytes).toString('base64url')}`;
  return async (agent, password) => {
    const [salt = '', key = ''] = (hashOf(agent) ?? nobody).split(':');
    const expected = Buffer.from(key, 'base64url');
    const actual = await derive(password, Buffer.from(salt, 'base64url'), keyBytes);
    return expected.length === keyBytes && timingSafeEqual(actual, expected);
  };
}
