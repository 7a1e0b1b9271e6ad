/**
 * A capture file as tcpdump writes it → UDP and TCP packets over IPv4 with the kernel's own time of each. No more of
 * the format than loopback needs: Ethernet frames, no fragments (loopback carries 64 kB at once).
 */

export interface Packet {
  /** Since the epoch, in microseconds. */
  readonly atUs: number;
  readonly protocol: 'udp' | 'tcp';
  readonly from: Address;
  readonly to: Address;
  readonly payload: Buffer;
}

export interface Address {
  readonly host: string;
  readonly port: number;
}

export function* packetsIn(file: Buffer): Generator<Packet> {
  if (file.length < headerBytes) throw new Error('not a capture file: too short');
  const format = formats.get(file.readUInt32LE(0));
  if (format === undefined) throw new Error('not a capture file of this machine: unknown magic number');
  if (file.readUInt32LE(20) !== ethernet) throw new Error('not a capture of loopback: no Ethernet frames');
  for (let at = headerBytes; at + recordBytes <= file.length;) {
    const length = file.readUInt32LE(at + 8);
    const start = at + recordBytes;
    // The last record of a capture that was cut off is left out.
    if (start + length > file.length) return;
    const packet = read(file.subarray(start, start + length), file.readUInt32LE(at) * 1_000_000 + Math.floor(file.readUInt32LE(at + 4) / format));
    if (packet !== undefined) yield packet;
    at = start + length;
  }
}

const headerBytes = 24;
const recordBytes = 16;
const ethernet = 1;
/** Parts of a microsecond that the file counts in, by its magic number. */
const formats: ReadonlyMap<number, number> = new Map([[0xa1b2c3d4, 1], [0xa1b23c4d, 1_000]]);

function read(frame: Buffer, atUs: number): Packet | undefined {
  if (frame.length < 34 || frame.readUInt16BE(12) !== 0x0800) return undefined;
  const ip = frame.subarray(14);
  const ipBytes = (ip.readUInt8(0) & 0x0f) * 4;
  // The frame may be padded; the IP header knows its length. Zero where the network card was to fill it in.
  const ipLength = ip.readUInt16BE(2) || ip.length;
  const body = ip.subarray(ipBytes, ipLength);
  const protocol = protocols.get(ip.readUInt8(9));
  if (protocol === undefined || body.length < (protocol === 'udp' ? 8 : 20)) return undefined;
  const payload = body.subarray(protocol === 'udp' ? 8 : (body.readUInt8(12) >> 4) * 4);
  return {
    atUs, protocol, payload,
    from: { host: [...ip.subarray(12, 16)].join('.'), port: body.readUInt16BE(0) },
    to: { host: [...ip.subarray(16, 20)].join('.'), port: body.readUInt16BE(2) },
  };
}

const protocols: ReadonlyMap<number, Packet['protocol']> = new Map([[17, 'udp'], [6, 'tcp']]);
