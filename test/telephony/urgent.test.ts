import { expect, test } from 'vitest';
import { bridgeId, legId } from '../../src/base/ids.ts';
import type { Order } from '../../src/telephony/port.ts';
import { urgentFirst } from '../../src/telephony/urgent.ts';

const [caller, phone, next] = [legId('rexian-1795372061.0'), legId('rx-a-c-rexian-1795372061-0-1'), legId('rx-a-c-rexian-1795372061-1-1')];
const hangUp = (leg: typeof caller): Order => ({ type: 'hang-up', leg, because: 'normal' });
const ring = { type: 'ring', leg: next } as Order;

test('the next call rings before the last one is cleaned up, and a phone is silenced before it rings again', () => {
  const dissolve: Order = { type: 'dissolve', bridge: bridgeId('rx-b-c-rexian-1795372061-0-1') };
  expect(urgentFirst([hangUp(caller), hangUp(phone), dissolve, ring])).toEqual([hangUp(phone), ring, hangUp(caller), dissolve]);
});

test('without a ring nothing is changed', () => {
  const orders = [hangUp(caller), hangUp(phone)];
  expect(urgentFirst(orders)).toBe(orders);
});
