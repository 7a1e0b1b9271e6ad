// Prints what agents sign in with: docker compose -f docker/compose.yaml exec service node docker/sign-ins.ts

import { stdout } from 'node:process';
import { loadSecrets } from '../runtime/secrets.ts';

const { agents } = await loadSecrets('/state', []);
stdout.write('agent 工号  web 网页密码        phone 话机密码\n');
for (const [id, { web, sip }] of Object.entries(agents)) stdout.write(`${id.padEnd(11)} ${web.padEnd(19)} ${sip}\n`);
