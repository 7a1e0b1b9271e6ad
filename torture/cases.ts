// Every case, in the order in which they are played. Those that share a stage stand together.

import type { Case } from './case.ts';
import { asteriskHangsUpOnUs } from './cases/asterisk-hangs-up-on-us.ts';
import { asteriskKilled } from './cases/asterisk-killed.ts';
import { asteriskReloaded } from './cases/asterisk-reloaded.ts';
import { asteriskRestartsGracefully } from './cases/asterisk-restarts-gracefully.ts';
import { asteriskStopped } from './cases/asterisk-stopped.ts';
import { callersLeaveAtAnswer } from './cases/callers-leave-at-answer.ts';
import { callersLeaveEarly } from './cases/callers-leave-early.ts';
import { control } from './cases/control.ts';
import { overloadFlood } from './cases/overload-flood.ts';
import { overloadOneNumber } from './cases/overload-one-number.ts';
import { overloadOneTrunk } from './cases/overload-one-trunk.ts';
import { overloadScan } from './cases/overload-scan.ts';
import { phonesCrossCancel } from './cases/phones-cross-cancel.ts';
import { phonesLeaveAtOnce } from './cases/phones-leave-at-once.ts';
import { phonesMisbehave } from './cases/phones-misbehave.ts';
import { resourcesClock } from './cases/resources-clock.ts';
import { resourcesDiskFull } from './cases/resources-disk-full.ts';
import { resourcesFolder } from './cases/resources-folder.ts';
import { resourcesNoCall } from './cases/resources-no-call.ts';
import { resourcesLogFull } from './cases/resources-log-full.ts';
import { resourcesOpenFiles } from './cases/resources-open-files.ts';
import { resourcesSlowCpu } from './cases/resources-slow-cpu.ts';
import { schedule } from './cases/schedule.ts';
import { storeAllLost } from './cases/store-all-lost.ts';
import { postgresDiskFull, postgresFull, postgresKilled, postgresLocked, postgresReset, postgresStopped } from './cases/store-postgres.ts';
import { redisAndServiceLost, redisEmptied, redisFrozen, redisFull, redisOldSnapshot, redisPaused, redisReadOnly, redisStopped } from './cases/store-redis.ts';
import { securityFlood } from './cases/security-flood.ts';
import { wireCutAmi, wireCutAri } from './cases/wire-cut.ts';
import { wireBlack, wireFrozen } from './cases/wire-half-open.ts';
import { wireClassic, wireWebsocket } from './cases/wire-modes.ts';
import { wireLossy } from './cases/wire-lossy.ts';
import { wireShuffled } from './cases/wire-shuffled.ts';
import { serviceHandedOver } from './cases/service-handed-over.ts';
import { serviceOrders } from './cases/service-orders.ts';
import { serviceKilled, serviceKilledAlone } from './cases/service-killed.ts';
import { serviceStopped } from './cases/service-stopped.ts';
import { serviceTwo, serviceTwoStopped } from './cases/service-two.ts';

/**
 * Those on one kind of stage stand together, for a stage takes five seconds to set up. The flood comes first at the door:
 * a second trunk is remembered for a minute there, and an alarm that stands is not raised anew.
 */
export const cases: readonly Case[] = [
  control, asteriskStopped, asteriskReloaded, asteriskHangsUpOnUs, asteriskRestartsGracefully, asteriskKilled, securityFlood, postgresStopped, postgresKilled, postgresLocked, postgresFull, resourcesSlowCpu, serviceStopped, serviceHandedOver, serviceKilledAlone,
  phonesMisbehave, phonesCrossCancel, callersLeaveAtAnswer, callersLeaveEarly, phonesLeaveAtOnce,
  overloadFlood, overloadOneNumber, overloadOneTrunk, overloadScan,
  redisStopped, redisEmptied, redisFrozen, redisPaused, redisFull, redisReadOnly, redisOldSnapshot, redisAndServiceLost, storeAllLost, postgresReset, postgresDiskFull,
  wireFrozen, wireBlack, wireCutAri, wireCutAmi, wireShuffled, wireWebsocket, wireClassic, wireLossy,
  resourcesOpenFiles, resourcesDiskFull, resourcesFolder, resourcesNoCall, resourcesLogFull, resourcesClock,
  serviceKilled, serviceOrders, serviceTwo, serviceTwoStopped, schedule,
];
