/**
 * Owns what browsers and apps call themselves. Strings follow the vendors' frozen forms (Chromium's
 * user-agent reduction, Safari's and Firefox's schemes); versions move on with the calendar, a
 * little late on each device, so one device shows several strings over a season.
 *
 * Shares of platforms and browsers come as parameters (StatCounter publishes them by region).
 * Honest people and attackers draw from the same shares: the string by itself carries no news.
 */

export interface Platform {
  readonly name: 'windows' | 'mac' | 'linux' | 'iphone' | 'android';
  readonly browser: 'chrome' | 'edge' | 'firefox' | 'safari';
  readonly mobile: boolean;
  readonly screens: readonly string[];
}

const PHONE_SCREENS = [
  '390x844',
  '393x852',
  '430x932',
  '360x800',
  '412x915',
  '384x832',
  '360x780',
  '412x892',
];
const DESK_SCREENS = ['1920x1080', '1536x864', '1366x768', '2560x1440', '1440x900', '1680x1050', '1280x720'];
const MAC_SCREENS = ['1440x900', '1512x982', '1728x1117', '1680x1050', '2560x1440'];

export const PLATFORMS: readonly Platform[] = [
  { name: 'android', browser: 'chrome', mobile: true, screens: PHONE_SCREENS },
  { name: 'iphone', browser: 'safari', mobile: true, screens: PHONE_SCREENS },
  { name: 'windows', browser: 'chrome', mobile: false, screens: DESK_SCREENS },
  { name: 'windows', browser: 'edge', mobile: false, screens: DESK_SCREENS },
  { name: 'windows', browser: 'firefox', mobile: false, screens: DESK_SCREENS },
  { name: 'mac', browser: 'safari', mobile: false, screens: MAC_SCREENS },
  { name: 'mac', browser: 'chrome', mobile: false, screens: MAC_SCREENS },
  { name: 'linux', browser: 'firefox', mobile: false, screens: DESK_SCREENS },
];

/** Chrome 140 came out in September 2025 and a version follows every four weeks. */
const CHROME_140_AT = Date.UTC(2025, 8, 2);
const VERSION_EVERY_MS = 28 * 86_400_000;
/** Devices update up to this many versions late. */
export const LARGEST_LAG = 6;

const SYSTEM: Readonly<Record<Platform['name'], string>> = {
  windows: 'Windows NT 10.0; Win64; x64',
  mac: 'Macintosh; Intel Mac OS X 10_15_7',
  linux: 'X11; Linux x86_64',
  iphone: '',
  android: 'Linux; Android 10; K',
};

function chromiumAgent(platform: Platform, version: number): string {
  const mobile = platform.mobile ? ' Mobile' : '';
  const edge = platform.browser === 'edge' ? ` Edg/${version}.0.0.0` : '';
  return `Mozilla/5.0 (${SYSTEM[platform.name]}) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/${version}.0.0.0${mobile} Safari/537.36${edge}`;
}

function firefoxAgent(platform: Platform, version: number): string {
  const system = SYSTEM[platform.name].replace(
    'Macintosh; Intel Mac OS X 10_15_7',
    'Macintosh; Intel Mac OS X 10.15',
  );
  return `Mozilla/5.0 (${system}; rv:${version}.0) Gecko/20100101 Firefox/${version}.0`;
}

/** Safari 26 came with iOS 26 in September 2025; minor versions follow about every two months. */
function safariAgent(platform: Platform, step: number): string {
  const minor = Math.max(0, Math.floor((step - 140) / 2));
  const version = minor > 6 ? `27.${minor - 7}` : `26.${minor}`;
  if (platform.name === 'mac') {
    return `Mozilla/5.0 (${SYSTEM.mac}) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/${version} Safari/605.1.15`;
  }
  return `Mozilla/5.0 (iPhone; CPU iPhone OS 18_7 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/${version} Mobile/15E148 Safari/604.1`;
}

const known = new Map<number, string>();

/** The string that a device of this platform sends at `time`, `lag` versions behind the newest. */
export function userAgentAt(platformIndex: number, lag: number, time: number): string {
  const step = 140 + Math.floor((time - CHROME_140_AT) / VERSION_EVERY_MS) - lag;
  const key = step * PLATFORMS.length + platformIndex;
  const remembered = known.get(key);
  if (remembered !== undefined) return remembered;
  const platform = PLATFORMS[platformIndex];
  if (platform === undefined) throw new Error(`no platform ${platformIndex}`);
  const agent = agentOf(platform, step);
  known.set(key, agent);
  return agent;
}

function agentOf(platform: Platform, step: number): string {
  switch (platform.browser) {
    case 'chrome':
    case 'edge':
      return chromiumAgent(platform, step);
    case 'firefox':
      return firefoxAgent(platform, step);
    case 'safari':
      return safariAgent(platform, step);
  }
}
