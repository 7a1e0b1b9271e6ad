/** Connections led through wires that can be hurt, as far as a stage asks for it: the service's, and those of phones. */
import type { Runtime } from '../runtime/centre.ts';
import { freeTcpPort } from '../runtime/ports.ts';
import { startAriWire, type AriWire } from './ari-wire.ts';
import { startSipWire, type SipWire } from './sip-wire.ts';
import { startTcpProxy, type TcpProxy } from './tcp-proxy.ts';

export interface Wires {
  readonly ari?: AriWire;
  readonly ami?: TcpProxy;
  readonly redis?: TcpProxy;
  readonly postgres?: TcpProxy;
  /** Between Asterisk and everybody who calls or is called. */
  readonly sip?: SipWire;
}
export type WireName = keyof Wires;

export interface Wired {
  readonly wires: Wires;
  /** What the service must be told, so that it goes through them. */
  readonly env: Readonly<Record<string, string>>;
  stop(): Promise<void>;
}

/** How the service meets Asterisk: as `REXIAN_ARI_MODE` says it. */
export type AriMode = 'listen' | 'websocket' | 'classic';

/** `keepsSaid`: a transcript of what goes to AMI; what goes to ARI is always kept. */
export async function openWires(names: readonly WireName[], wanted: AriMode | undefined, runtime: Runtime, keepsSaid = false): Promise<Wired> {
  const { ari, ami, ariListen } = runtime;
  // An Asterisk of our own calls the service; of one that the environment names, only its own address is known.
  const mode = wanted ?? (runtime.pids.asterisk === undefined ? 'websocket' : 'listen');
  const env: Record<string, string> = { REXIAN_ARI_MODE: mode };
  const stops: (() => Promise<void>)[] = [];
  const kept = <Wire extends { stop(): Promise<void> }>(wire: Wire): Wire => {
    stops.push(() => wire.stop());
    return wire;
  };
  const through = async (address: string): Promise<{ wire: TcpProxy; url: string }> => {
    const url = new URL(address);
    const wire = kept(await startTcpProxy({ to: { host: url.hostname, port: Number(url.port) } }));
    url.port = String(wire.port);
    return { wire, url: url.toString() };
  };
  const wires: { -readonly [Name in WireName]?: NonNullable<Wires[Name]> } = {};
  if (mode !== 'listen') env['ASTERISK_ARI_URL'] = withUser(ari.url, ari);
  if (names.includes('ari') && mode === 'listen') {
    // Asterisk goes on dialling where it always did, and the service listens elsewhere.
    const port = await freeTcpPort();
    wires.ari = kept(await startAriWire({ port: ariListen.port, to: { host: '127.0.0.1', port } }));
    env['ASTERISK_ARI_URL'] = withUser(`http://127.0.0.1:${port}`, ariListen);
  } else if (names.includes('ari')) {
    const port = await freeTcpPort();
    const { hostname: host, port: theirs } = new URL(ari.url);
    wires.ari = kept(await startAriWire({ port, to: { host, port: Number(theirs) } }));
    env['ASTERISK_ARI_URL'] = withUser(`http://127.0.0.1:${port}`, ari);
  }
  if (names.includes('ami')) {
    const wire = kept(await startTcpProxy({ to: ami, keepsSaid }));
    wires.ami = wire;
    env['ASTERISK_AMI_URL'] = withUser(`http://127.0.0.1:${wire.port}`, ami);
  }
  if (names.includes('redis')) ({ wire: wires.redis, url: env['REDIS_URL'] } = await through(runtime.redisUrl));
  if (names.includes('postgres')) ({ wire: wires.postgres, url: env['DATABASE_URL'] } = await through(runtime.databaseUrl));
  if (names.includes('sip')) wires.sip = kept(await startSipWire({ to: { host: runtime.sipHost, port: runtime.sipPort } }));
  return {
    wires, env,
    stop: async () => {
      for (const stop of stops.splice(0).reverse()) await stop();
    },
  };
}

function withUser(address: string, { user, password }: { readonly user: string; readonly password: string }): string {
  const { protocol, host } = new URL(address);
  return `${protocol}//${encodeURIComponent(user)}:${encodeURIComponent(password)}@${host}`;
}
