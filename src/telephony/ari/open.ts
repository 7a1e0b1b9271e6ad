/** Which of the three connections, by the configuration's word. */
import type { AsteriskOptions } from '../asterisk-port.ts';
import type { AriConnection } from './connection.ts';
import { inboundConnection } from './inbound.ts';
import { legacyConnection } from './legacy.ts';
import { outboundConnection } from './outbound.ts';
import { guarded } from './safe-request.ts';

export function openAri(options: Options): AriConnection {
  return guarded(connectionOf(options));
}

type Options = Pick<AsteriskOptions, 'connection' | 'listen' | 'ari' | 'app' | 'log'>;

function connectionOf({ connection, listen, ari, app, log }: Options): AriConnection {
  if (connection === 'outbound') {
    if (listen === undefined) throw new Error('the outbound connection needs to know where to listen');
    return outboundConnection({ listen, app, log });
  }
  if (ari === undefined) throw new Error(`the ${connection} connection needs the address of ARI`);
  return connection === 'inbound' ? inboundConnection({ ari, app, log }) : legacyConnection({ ari, app, log });
}
