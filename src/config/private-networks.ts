/** Which addresses only this installation can reach: loopback, and the networks that the operator names as such. */
import { lookup } from 'node:dns/promises';
import { BlockList, isIP } from 'node:net';
import { networkInterfaces } from 'node:os';

/** Undefined where it is not a list of networks such as 172.20.0.0/16,fd00:1::/64. */
export function readNetworks(text: string): BlockList | undefined {
  const networks = new BlockList();
  for (const part of text.split(',').map((one) => one.trim()).filter((one) => one !== '')) {
    const [address = '', bits, ...more] = part.split('/');
    const family = isIP(address);
    const most = family === 6 ? 128 : 32;
    if (family === 0 || more.length > 0 || (bits !== undefined && !(/^\d{1,3}$/.test(bits) && Number(bits) <= most))) return undefined;
    networks.addSubnet(address, bits === undefined ? most : Number(bits), family === 6 ? 'ipv6' : 'ipv4');
  }
  return networks;
}

/** How a host's addresses are found; tests give their own. */
export type Addresses = (host: string) => Promise<readonly string[]>;

/** All addresses of the host; for one that listens everywhere, those of this machine. */
export const addressesOf: Addresses = async (host) => {
  const bare = host.replace(/^\[|\]$/g, '');
  if (bare === '0.0.0.0' || bare === '::') return Object.values(networkInterfaces()).flatMap((all) => (all ?? []).map(({ address }) => address.replace(/%.*$/, '')));
  if (isIP(bare) !== 0) return [bare];
  return (await lookup(bare, { all: true })).map(({ address }) => address);
};

/** True when every address of the host is loopback or in one of the networks; a host that nobody knows is not. */
export async function isPrivate(host: string, networks: BlockList, addresses: Addresses = addressesOf): Promise<boolean> {
  const found = await addresses(host).catch(() => []);
  return found.length > 0 && found.every((address) => {
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
    return loopback.check(address, family) || networks.check(address, family) || linkLocal.check(address, family);
  });
}

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8, 'ipv4');
loopback.addAddress('::1', 'ipv6');
/** Every interface has one; it is reached from the same wire only, where the other address counts. */
const linkLocal = new BlockList();
linkLocal.addSubnet('fe80::', 10, 'ipv6');
