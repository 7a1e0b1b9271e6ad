/**
 * What would be dangerous to start with: Asterisk's two doors open to a network in the clear, secrets that are none.
 * `refuse` of REXIAN_INSECURE ends the start with these, `warn` writes each into the log.
 */
import type { Text } from '../base/text.ts';
import type { SettingProblem, Settings } from './env.ts';
import { addressesOf, isPrivate, type Addresses } from './private-networks.ts';
import { weaknessOf, weaknessTexts } from './weak-secrets.ts';

/** What an agent signs in with, by number. */
export type AgentSecrets = Readonly<Record<string, { readonly sip?: string; readonly web?: string }>>;

export type Exposed = Pick<Settings, 'ari' | 'ami' | 'sessionSecret' | 'storeKey' | 'privateNetworks'>;

/** The lengths that Asterisk's and our own secrets are generated well above of. */
const least = { server: 12, agent: 10, key: 32 } as const;

export async function dangersOf(settings: Exposed, agents: AgentSecrets, addresses: Addresses = addressesOf): Promise<SettingProblem[]> {
  return [...(await openDoors(settings, addresses)), ...weakSecrets(settings), ...weakAgents(agents)];
}

async function openDoors({ ari, ami, privateNetworks }: Exposed, addresses: Addresses): Promise<SettingProblem[]> {
  const found: SettingProblem[] = [];
  const ariHost = ari.mode === 'listen' ? ari.host : new URL(ari.url).hostname;
  const ariIsClear = ari.mode === 'listen' ? ari.tls === undefined : !/^(https|wss):/.test(ari.url);
  if (ariIsClear && !(await isPrivate(ariHost, privateNetworks, addresses))) {
    const remedy = ari.mode === 'listen'
      ? { zh: '请改用 https:// 地址并设置 REXIAN_ARI_CERT 和 REXIAN_ARI_KEY（Asterisk 的 websocket_client.conf 中 uri 用 wss://、tls_enabled=yes）', en: 'use an https:// address with REXIAN_ARI_CERT and REXIAN_ARI_KEY (and in Asterisk’s websocket_client.conf a wss:// uri with tls_enabled=yes)' }
      : { zh: '请改用 https:// 地址（Asterisk 的 http.conf 中 tlsenable=yes）', en: 'use an https:// address (tlsenable=yes in Asterisk’s http.conf)' };
    found.push({ name: 'ASTERISK_ARI_URL', text: inTheClear('ARI', ariHost, remedy) });
  }
  if (!ami.tls && !(await isPrivate(ami.host, privateNetworks, addresses))) {
    found.push({ name: 'ASTERISK_AMI_URL', text: inTheClear('AMI', ami.host, { zh: '请改用 tls://主机:5039（Asterisk 的 manager.conf 中 tlsenable=yes）', en: 'use tls://host:5039 (tlsenable=yes in Asterisk’s manager.conf)' }) });
  }
  return found;
}

const inTheClear = (door: string, host: string, remedy: Text): Text => ({
  zh: `${door} 在本机之外（${host}）而没有加密：密码和控制通话的命令会以明文经过网络。${remedy.zh}；或经加密隧道连到 127.0.0.1；若该网络中只有本系统的服务器（如容器网络），请写入 REXIAN_PRIVATE_NETWORKS`,
  en: `${door} goes beyond this machine (${host}) without encryption: its password, and orders to every call, cross the network in the clear. Use one of these: ${remedy.en}; an encrypted tunnel to 127.0.0.1; or, where that network holds nothing but this installation’s servers (as that of containers does), name it in REXIAN_PRIVATE_NETWORKS`,
});

function weakSecrets({ ari, ami, sessionSecret, storeKey }: Exposed): SettingProblem[] {
  const each = [
    { name: 'ASTERISK_ARI_URL', what: { zh: 'ARI 密码', en: 'the ARI password' }, weak: weaknessOf(ari.password, { user: ari.user, least: least.server }), length: least.server },
    { name: 'ASTERISK_AMI_URL', what: { zh: 'AMI 密码', en: 'the AMI password' }, weak: weaknessOf(ami.password, { user: ami.user, least: least.server }), length: least.server },
    { name: 'REXIAN_SESSION_SECRET', what: { zh: '该密钥', en: 'this secret' }, weak: weaknessOf(sessionSecret, { least: least.key }), length: least.key },
    { name: 'REXIAN_STORE_KEY', what: { zh: '该密钥', en: 'this key' }, weak: weaknessOf(storeKey, { least: least.key }), length: least.key },
  ];
  return each.flatMap(({ name, what, weak, length }) => (weak === undefined ? [] : [{ name, text: {
    zh: `${what.zh}${weaknessTexts[weak].zh}；请换成至少 ${length} 个字符的随机文字，例如 openssl rand -hex 32 的输出`,
    en: `${what.en} ${weaknessTexts[weak].en}; take a random one of at least ${length} characters, such as openssl rand -hex 32 prints`,
  } }]));
}

/** One line for all of them: a hand-made file usually has them all alike. */
function weakAgents(agents: AgentSecrets): SettingProblem[] {
  const weak = Object.entries(agents).filter(([agent, { sip, web }]) =>
    [sip, web].some((secret) => secret !== undefined && weaknessOf(secret, { user: agent, least: least.agent }) !== undefined)).map(([agent]) => agent);
  if (weak.length === 0) return [];
  const shown = weak.slice(0, shownMax).join(', ') + (weak.length > shownMax ? ` … (${weak.length})` : '');
  return [{ name: 'secrets.json', text: {
    zh: `以下座席的网页或话机密码太弱：${shown}；请换成至少 ${least.agent} 个字符的随机密码，或从文件中删去这些座席，启动时会重新生成`,
    en: `the web or phone password of these agents is weak: ${shown}; take random ones of at least ${least.agent} characters, or delete these agents from the file to have new ones made at the next start`,
  } }];
}
const shownMax = 20;
