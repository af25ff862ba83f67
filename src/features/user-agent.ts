/**
 * A few facts of a user agent string, enough to tell a phone from a script. Strings repeat, so what
 * was found is remembered. Unknown strings are told as such, never as an error.
 */

export interface UserAgentFacts {
  /** 1 Windows, 2 macOS, 3 iOS, 4 Android, 5 Linux, 6 ChromeOS, 0 another. */
  readonly system: number;
  readonly isMobile: boolean;
  readonly isBot: boolean;
  /** The browser's version is known and from before 2022. */
  readonly isOld: boolean;
}

const BOT =
  /bot|crawl|spider|headless|phantom|selenium|puppeteer|playwright|curl|wget|python|java\/|okhttp|go-http|axios|node/i;
const SYSTEMS: readonly (readonly [RegExp, number])[] = [
  [/iphone|ipad|ipod/i, 3],
  [/android/i, 4],
  [/cros/i, 6],
  [/windows/i, 1],
  [/mac os x|macintosh/i, 2],
  [/linux|x11/i, 5],
];
/** The first major version that each browser released in 2022. */
const BROWSERS: readonly (readonly [RegExp, number])[] = [
  [/firefox\/(\d+)/i, 96],
  [/(?:chrome|crios|edg)\/(\d+)/i, 97],
  [/version\/(\d+)[.\d]* (?:mobile\/\S+ )?safari/i, 15],
];

/** Different strings that are remembered; then all are forgotten and it begins again. */
const REMEMBERED_MAX = 8192;
const remembered = new Map<string, UserAgentFacts>();

export function userAgentFacts(text: string): UserAgentFacts {
  const known = remembered.get(text);
  if (known) return known;
  if (remembered.size >= REMEMBERED_MAX) remembered.clear();
  const facts = readFacts(text);
  remembered.set(text, facts);
  return facts;
}

function readFacts(text: string): UserAgentFacts {
  const system = SYSTEMS.find(([pattern]) => pattern.test(text))?.[1] ?? 0;
  return {
    system,
    isMobile: system === 3 || system === 4 || /mobile/i.test(text),
    isBot: text.trim() === '' || BOT.test(text),
    isOld: BROWSERS.some(([pattern, since]) => Number(pattern.exec(text)?.[1] ?? Infinity) < since),
  };
}
