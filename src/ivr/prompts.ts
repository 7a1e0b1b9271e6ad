/** All that callers hear, made once at a start or before a new configuration is taken, and found by name after that. */
import type { Language, Text } from '../base/text.ts';
import { languages } from '../base/text.ts';
import type { CentreConfig, Prompt } from '../config/centre-config.ts';
import type { Media } from '../telephony/port.ts';
import { callbackPrompts } from './callback-prompts.ts';
import { numberWords } from './numbers.ts';
import { queuePrompts } from './queue-prompts.ts';
import { synthesise } from './synthesise.ts';
import type { Run, SoundFolders, SoundSource } from './synthesise.ts';
import { systemPrompts } from './system-prompts.ts';
import { whisperPrompts } from './whisper-prompts.ts';

export interface PromptsNeeds extends SoundFolders {
  readonly run: Run;
  readonly log: { warn(data: object, message: string): void; error(data: object, message: string): void };
}

export interface Prompts {
  /** Makes what is new in a configuration, and uses it at once when all of it was made. Calls may not overlap. */
  take(config: Spoken): Promise<{ readonly ok: true } | { readonly ok: false; readonly failures: readonly PromptFailure[] }>;
  /** The same in two steps: nobody hears anything of it before `use`. */
  prepare(config: Spoken): Promise<{ readonly ok: true; readonly use: () => void } | { readonly ok: false; readonly failures: readonly PromptFailure[] }>;
  /** Names of sounds, to be played one after another. */
  resolve(media: Media): readonly string[];
  /** Resolves when each agent's sentence is made; until then the number is read digit by digit. */
  settled(): Promise<void>;
  stop(): Promise<void>;
}

type Spoken = Pick<CentreConfig, 'version' | 'prompts' | 'agents' | 'queues'>;

export interface PromptFailure {
  readonly prompt: string;
  readonly language: Language;
  readonly text: Text;
}

/** Programs at a time: synthesis must not take the machine away from the calls. */
const workers = 2;

export function createPrompts(needs: PromptsNeeds): Prompts {
  /** `zh/welcome` → sound. Nothing is ever taken out: contacts may still be in an older version's flow. */
  let sounds = new Map<string, string>();
  let background: Promise<void> = Promise.resolve();
  let round = 0;
  const make = (name: string, language: Language, source: SoundSource): Promise<string> => synthesise(needs, needs.run, name, language, source);

  /** Two thousand agents take minutes, and calls must not wait for them. */
  async function makeSentences(config: Pick<CentreConfig, 'agents'>, spoken: SpokenPrompts, mine: number): Promise<void> {
    const jobs = [...config.agents.keys()].flatMap((agent) => languages.map((language) => ({ agent, language })));
    await eachOf(jobs, async ({ agent, language }) => {
      const text = spoken.sentence(agent, language);
      if (mine !== round || text === undefined) return;
      try {
        sounds.set(`${language}/agent/${agent}`, await make(`agent-${agent}`, language, { kind: 'text', text }));
      } catch (error) {
        needs.log.warn({ agent, language, error }, 'agent number sentence not made; it is read digit by digit');
      }
    });
  }

  const prepare: Prompts['prepare'] = async (config) => {
    const spoken = spokenPrompts(config);
    const made = new Map<string, string>();
    const failures: PromptFailure[] = [];
    await eachOf(spoken.sources, async ({ name, language, source }) => {
      try {
        made.set(`${language}/${name}`, await make(name, language, source));
      } catch (error) {
        failures.push({ prompt: name, language, text: failureText(name, language, error) });
      }
    });
    if (failures.length > 0) return { ok: false, failures };
    const use = (): void => {
      sounds = new Map([...[...sounds].filter(([key]) => !key.includes('/agent/')), ...made]);
      const mine = ++round;
      // The sentence that is being made for the version before must not come after its own.
      background = background.then(() => makeSentences(config, spoken, mine));
    };
    return { ok: true, use };
  };

  return {
    async take(config) {
      const prepared = await prepare(config);
      if (!prepared.ok) return prepared;
      prepared.use();
      return { ok: true };
    },
    prepare,
    resolve(media) {
      const named = (name: string): string[] => {
        const sound = sounds.get(`${media.language}/${name}`);
        if (sound === undefined) needs.log.error({ prompt: name, language: media.language }, 'prompt not made');
        return sound === undefined ? [] : [sound];
      };
      const digits = (text: string): string[] => [...text].filter((digit) => /\d/.test(digit)).flatMap((digit) => named(`digit-${digit}`));
      if (media.say === 'prompt') return named(media.name);
      if (media.say === 'digits') return digits(media.digits);
      if (media.say === 'number') return numberWords(media.number, media.language, media.counts).flatMap(named);
      const sentence = sounds.get(`${media.language}/agent/${media.agent}`);
      if (sentence !== undefined) return [sentence];
      const around = (part: string): string[] => (sounds.has(`${media.language}/${part}`) ? named(part) : []);
      return [...around('agent-number-before'), ...digits(media.agent), ...around('agent-number-after')];
    },
    settled: () => background,
    stop() {
      round++;
      return background;
    },
  };
}

interface SpokenPrompts {
  readonly sources: readonly { readonly name: string; readonly language: Language; readonly source: SoundSource }[];
  /** The whole sentence sounds better than its parts; undefined where a part is a recording. */
  sentence(agent: string, language: Language): string | undefined;
}

function spokenPrompts({ prompts: own, queues, agents }: Spoken): SpokenPrompts {
  const all = new Map<string, Prompt>();
  const whispers = whisperPrompts({ queues, agents });
  const counts = whispers !== undefined || [...queues.values()].some(({ announce }) => announce !== undefined);
  const callsBack = [...queues.values()].some(({ callback }) => callback !== undefined);
  for (const [name, { zh, en }] of Object.entries({ ...systemPrompts, ...(counts && queuePrompts), ...(callsBack && callbackPrompts), ...whispers })) all.set(name, { name, zh: { kind: 'text', text: zh }, en: { kind: 'text', text: en } });
  for (const [name, prompt] of own) all.set(name, prompt);
  const template = all.get('agent-number');
  all.delete('agent-number');
  const sources: { readonly name: string; readonly language: Language; readonly source: SoundSource }[] = [...all.values()].flatMap((prompt) => languages.map((language) => ({ name: prompt.name, language, source: prompt[language] })));
  if (whispers !== undefined && !all.has('beep')) for (const language of languages) sources.push({ name: 'beep', language, source: { kind: 'tone' } });
  for (const language of languages) {
    const source = template?.[language];
    if (source?.kind === 'file') sources.push({ name: 'agent-number-before', language, source });
    const [before = '', after = ''] = source?.kind === 'text' ? source.text.split('{number}') : [];
    for (const [name, text] of [['agent-number-before', before], ['agent-number-after', after]] as const) {
      if (/[\p{L}\p{N}]/u.test(text)) sources.push({ name, language, source: { kind: 'text', text: text.trim() } });
    }
  }
  const words = (digit: string, language: Language): string | undefined => {
    const source = all.get(`digit-${digit}`)?.[language];
    return source?.kind === 'text' ? source.text : undefined;
  };
  return {
    sources,
    sentence(agent, language) {
      const source = template?.[language];
      const read = [...agent].map((digit) => words(digit, language));
      if (source?.kind !== 'text' || read.includes(undefined)) return undefined;
      return source.text.replaceAll('{number}', read.join(language === 'zh' ? '' : ' '));
    },
  };
}

function failureText(name: string, language: Language, error: unknown): Text {
  const detail = error instanceof Error ? error.message.split('\n')[0] : String(error);
  return { zh: `提示音 ${name}（${language}）无法合成：${detail}`, en: `prompt ${name} (${language}) cannot be made: ${detail}` };
}

async function eachOf<Job>(jobs: readonly Job[], work: (job: Job) => Promise<void>): Promise<void> {
  const left = jobs.values();
  const worker = async (): Promise<void> => {
    for (const job of left) await work(job);
  };
  await Promise.all(Array.from({ length: workers }, worker));
}
