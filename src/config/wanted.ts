/** What each setting should be, in words that complete a sentence. */
import type { Text } from '../base/text.ts';

const randomText: Text = { zh: '至少 32 个字符的随机文字，例如 openssl rand -hex 32 的输出', en: 'a random text of at least 32 characters, such as openssl rand -hex 32 prints' };
const networks: Text = { zh: '以逗号分隔的地址或网段，例如 10.0.0.2,172.20.0.0/16', en: 'addresses or networks with commas between, such as 10.0.0.2,172.20.0.0/16' };
const port: Text = { zh: '端口号（0 到 65535）', en: 'a port from 0 to 65535' };
const folder = (zh: string, en: string): Text => ({ zh: `目录（${zh}）`, en: `a folder: ${en}` });
const program: Text = { zh: '程序名，或 JSON 列表 ["程序","参数"]', en: 'a program, or a JSON list ["program","argument"]' };
export const wanted: Readonly<Record<string, Text>> = {
  REXIAN_LANG: { zh: ' zh 或 en', en: 'zh or en' },
  DATABASE_URL: { zh: ' PostgreSQL 地址，例如 postgres://用户:密码@主机:5432/库名', en: 'a PostgreSQL address, such as postgres://user:password@host:5432/name' },
  REDIS_URL: { zh: ' Redis 地址，例如 redis://主机:6379', en: 'a Redis address, such as redis://host:6379' },
  ASTERISK_ARI_URL: { zh: ' ARI 地址，例如 http://用户:密码@主机:8088', en: 'an ARI address, such as http://user:password@host:8088' },
  ASTERISK_AMI_URL: { zh: ' AMI 地址，例如 tcp://用户:密码@主机:5038，加密为 tls://…:5039', en: 'an AMI address, such as tcp://user:password@host:5038, or tls://…:5039' },
  REXIAN_ARI_CERT: { zh: '证书文件（PEM），ASTERISK_ARI_URL 为 https 时必填', en: 'a certificate file (PEM), needed where ASTERISK_ARI_URL is https and Asterisk connects to us' },
  REXIAN_ARI_KEY: { zh: '证书私钥文件（PEM）', en: 'the file of the certificate’s key (PEM)' },
  REXIAN_ARI_MODE: { zh: ' listen、websocket 或 classic', en: 'listen, websocket or classic' },
  REXIAN_HTTP_PORT: port,
  REXIAN_STANDBY_HTTP_PORT: port,
  REXIAN_TRUST_PROXY: networks,
  REXIAN_PRIVATE_NETWORKS: networks,
  REXIAN_INSECURE: { zh: ' refuse 或 warn', en: 'refuse or warn' },
  REXIAN_VOLATILE_REDIS: { zh: ' yes 或 no', en: 'yes or no' },
  REXIAN_SESSION_SECRET: randomText,
  REXIAN_STORE_KEY: randomText,
  REXIAN_LOG_LEVEL: { zh: ' debug、info、warn 或 error', en: 'debug, info, warn or error' },
  REXIAN_SOUNDS: folder('Asterisk 的 sounds', "Asterisk's sounds"),
  REXIAN_RECORDINGS: folder('Asterisk 的录音', "Asterisk's recordings"),
  REXIAN_ESPEAK: program,
  REXIAN_SOX: program,
};
