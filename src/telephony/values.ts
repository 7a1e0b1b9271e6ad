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
export const reasonOf = (value: string): string => checked('reason', value.replace('-', '_'), /^(?:normal|busy|congestion|answered_elsewhere)$/);
/** Relative to Asterisk's sounds, without its ending: no scheme, no way up, no list, no folder. */
export const soundOf = (value: string): string => checked('sound', value, /^[A-Za-z0-9_](?:[A-Za-z0-9_-]|\/(?=[A-Za-z0-9_-])|\.(?![./])){0,255}$/);
export const folderOf = (value: string): string => checked('folder', value, /^\/(?:[A-Za-z0-9_/@+~-]|\.(?!\.))*$/);

/** As Asterisk names a SIP channel: endpoint and number. */
export const channelOf = (value: string): string => checked('channel', value, /^PJSIP\/[A-Za-z0-9][A-Za-z0-9_.+-]{0,79}-[0-9a-f]{8,16}$/);

/** One line of AMI, which takes 1,024 bytes of it: nothing that ends it, and nothing that the dialplan would work out. */
export function lineOf(value: string): string {
  if (isExpression(value) || Buffer.byteLength(value) > lineBytesMax) throw new UnsafeValue('value', value);
  return checked('value', value, /^[^\x00-\x1f\x7f]*$/);
}
export const lineBytesMax = 900;

/** ${SHELL(…)}, $[1 + 1]: harmless where we send it today, and one careless Set() away from not being so. */
export const isExpression = (value: string): boolean => /\$[{[]/.test(value);

/** What the agent's phone shows. A stranger wrote it, so what does not belong there is left out, not refused. */
export const shownNumberOf = (value: string): string => value.replace(/[^0-9A-Za-z+*#._-]/g, '').slice(0, 32);

function checked(what: string, value: string, shape: RegExp): string {
  if (!shape.test(value)) throw new UnsafeValue(what, value);
  return value;
}
