/**
 * What may go into a request to Asterisk. ARI takes `sound:http://…` and `sound:/etc/…` for media and AMI ends a
 * header at a line break, so this is the guard: a value that does not have its narrow shape is never sent.
 */
export class UnsafeValue extends Error {
  constructor(what: string, value: string) {
    // The value may be a caller's number or worse; its length helps as much.
    super(`${what} is not acceptable (${value.length} characters)`);
    this.name = 'UnsafeValue';
  }
}

/** A channel, bridge, playback or recording. */
export const idOf = (value: string): string => checked('id', value, /^[A-Za-z0-9](?:[A-Za-z0-9_-]|\.(?!\.)){0,127}$/);
export const agentOf = (value: string): string => checked('agent', value, /^\d{3,6}$/);
export const dialledOf = (value: string): string => checked('number', value, /^\+?\d{1,20}$/);
export const trunkOf = (value: string): string => checked('trunk', value, /^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/);
export const musicOf = (value: string): string => checked('music', value, /^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/);
/** Relative to Asterisk's sounds, without its ending: no scheme, no way up, no list. */
export const soundOf = (value: string): string => checked('sound', value, /^[A-Za-z0-9_](?:[A-Za-z0-9_/-]|\.(?![./])){0,255}$/);
export const folderOf = (value: string): string => checked('folder', value, /^\/(?:[A-Za-z0-9_/@+~-]|\.(?!\.))*$/);

/** One line of AMI. */
export const lineOf = (value: string): string => checked('value', value, /^[^\r\n\0]{0,900}$/);

/** What the agent's phone shows. A stranger wrote it, so what does not belong there is left out, not refused. */
export const shownNumberOf = (value: string): string => value.replace(/[^0-9A-Za-z+*#._-]/g, '').slice(0, 32);

function checked(what: string, value: string, shape: RegExp): string {
  if (!shape.test(value)) throw new UnsafeValue(what, value);
  return value;
}
