/** What a document claims that can be checked: its links, the code and the commands that it names. */

export interface MarkdownReferences {
  /** Targets of relative links, with their anchors. */
  readonly links: readonly string[];
  /** `path:symbol` in code spans; the symbol is absent where only the file is named. */
  readonly code: readonly CodeReference[];
  /** Names of npm scripts, from `npm run NAME` and `npm test`, in code spans and code blocks. */
  readonly scripts: readonly string[];
  /** Commands of the program, from `npx vouch COMMAND …`, with the word behind them. */
  readonly commands: readonly string[];
}

export interface CodeReference {
  readonly path: string;
  readonly symbol: string | undefined;
}

const CODE_PATH = /^((?:src|training|test|bin|models|fixtures|docs|\.ci)\/[\w./-]+?)(?::([#\w.]+))?$/;

export function readReferences(markdown: string): MarkdownReferences {
  const blocks = [...markdown.matchAll(/^```.*?^```/gms)].map(([block]) => block);
  const prose = markdown.replaceAll(/^```.*?^```/gms, '');
  const spans = [...prose.matchAll(/`([^`\n]+)`/g)].map(([, span = '']) => span);
  return {
    links: [...prose.matchAll(/\]\(([^)\s]+)\)/g)]
      .map(([, target = '']) => target)
      .filter((target) => !/^[a-z]+:/.test(target)),
    code: spans.flatMap((span) => codeReference(span) ?? []),
    scripts: [...blocks, ...spans].flatMap((text) => scriptNames(text)),
    commands: [...blocks, ...spans].flatMap((text) =>
      [...text.matchAll(/\bnpx vouch ([a-z]+(?: [a-z]+)?)/g)].map(([, name = '']) => name),
    ),
  };
}

function codeReference(span: string): CodeReference | undefined {
  const found = CODE_PATH.exec(span);
  return found?.[1] === undefined ? undefined : { path: found[1], symbol: found[2] };
}

function scriptNames(text: string): string[] {
  const run = [...text.matchAll(/\bnpm run (?:--silent |-s )?([\w:-]+)/g)].map(([, name = '']) => name);
  return /\bnpm (test|start)\b/.test(text)
    ? [...run, ...(text.includes('npm test') ? ['test'] : ['start'])]
    : run;
}

/** Whether a TypeScript text declares this: a function, type, value, class, or a member of one (`Class.member`, `object.key`). */
export function declares(code: string, symbol: string): boolean {
  return symbol.split('.').every((name) => {
    const word = name.replaceAll('#', '\\#');
    const statement = new RegExp(`\\b(?:function\\*?|const|let|class|interface|type) ${word}\\b`);
    const member = new RegExp(
      `^\\s+(?:(?:readonly|async|static|override|get|set) )*\\*?${word}\\??\\s*[(:=<,]`,
      'm',
    );
    return statement.test(code) || member.test(code);
  });
}

/** The anchors of a document's headings, as Git hosts make them. */
export function anchorsOf(markdown: string): string[] {
  return [...markdown.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
      .trim()
      .replaceAll(/\s/g, '-'),
  );
}
