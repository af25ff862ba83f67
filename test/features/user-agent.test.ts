import { expect, test } from 'vitest';
import { userAgentFacts } from '#src/features/user-agent.ts';

test.each([
  [
    'Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1',
    { system: 3, isMobile: true, isBot: false, isOld: false },
  ],
  [
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36',
    { system: 1, isMobile: false, isBot: false, isOld: false },
  ],
  [
    'Mozilla/5.0 (Windows NT 6.1) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/49.0.2623.112 Safari/537.36',
    { system: 1, isMobile: false, isBot: false, isOld: true },
  ],
  [
    'Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Mobile Safari/537.36',
    { system: 4, isMobile: true, isBot: false, isOld: false },
  ],
  [
    'Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0',
    { system: 5, isMobile: false, isBot: false, isOld: false },
  ],
  [
    'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/126.0.0.0 Safari/537.36',
    { system: 5, isMobile: false, isBot: true, isOld: false },
  ],
  ['python-requests/2.32.3', { system: 0, isMobile: false, isBot: true, isOld: false }],
  ['', { system: 0, isMobile: false, isBot: true, isOld: false }],
])('the user agent %s is read', (text, facts) => {
  expect(userAgentFacts(text)).toEqual(facts);
  expect(userAgentFacts(text)).toEqual(facts);
});
