/** All facts that were posted, and waiting for one that is not there yet. */
import { until } from '../../../runtime/until.ts';
import type { Fact } from '../../../src/telephony/port.ts';

type Of<Type extends Fact['type']> = Extract<Fact, { type: Type }>;

export class SeenFacts {
  readonly all: Fact[] = [];
  readonly times: number[] = [];
  readonly post = (fact: Fact): void => {
    this.all.push(fact);
    this.times.push(performance.now());
  };

  of<Type extends Fact['type']>(type: Type): Of<Type>[] {
    return this.all.filter((fact): fact is Of<Type> => fact.type === type);
  }

  wait<Type extends Fact['type']>(type: Type, fits: (fact: Of<Type>) => boolean = () => true, limitMs = 5_000): Promise<Of<Type>> {
    return until(() => this.of(type).find(fits), { limitMs, everyMs: 5, what: `${type} (so far: ${this.all.map((fact) => fact.type).join(' ')})` });
  }
}
