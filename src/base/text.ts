export type Language = 'zh' | 'en';
export const languages: readonly Language[] = ['zh', 'en'];

/** What a person sees or hears, in both languages. */
export interface Text {
  readonly zh: string;
  readonly en: string;
}
