/** Which pages may talk to us: our own, and those that the operator named. Programs send no Origin. */
export type OriginCheck = (origin: string | undefined, host: string | undefined) => boolean;

export function originCheck(allowed: readonly string[]): OriginCheck {
  const named = new Set(allowed);
  return (origin, host) => {
    if (origin === undefined || named.has(origin)) return true;
    return URL.canParse(origin) && host !== undefined && new URL(origin).host === host;
  };
}
