/** A caller's number for eyes that need not see all of it: 138****5678. */
export function maskNumber(number: string): string {
  if (number.length >= 11) return `${number.slice(0, -8)}****${number.slice(-4)}`;
  return `${'*'.repeat(Math.max(0, number.length - 2))}${number.slice(-2)}`;
}
