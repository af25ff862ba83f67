/** A small line chart as SVG, in the colours of the page it stands in. */

export interface ChartLine {
  readonly label: string;
  readonly points: readonly (readonly [x: number, y: number])[];
  readonly dashed?: boolean;
}

export interface ChartOptions {
  readonly title: string;
  readonly xLabel: string;
  readonly yLabel: string;
  readonly lines: readonly ChartLine[];
  /** Both axes by powers of ten, from here to 1. */
  readonly logarithmicFrom?: number;
}

const WIDTH = 420;
const HEIGHT = 300;
const MARGIN = { left: 48, right: 12, top: 28, bottom: 40 };

type Scale = (value: number) => number;

/** From 0..1 of the axis to 0..1 of its length. */
function axisScale(from: number | undefined): Scale {
  if (from === undefined) return (value) => value;
  return (value) => 1 - Math.log10(Math.max(from, value)) / Math.log10(from);
}

function ticks(from: number | undefined): readonly number[] {
  if (from === undefined) return [0, 0.25, 0.5, 0.75, 1];
  return Array.from({ length: Math.round(-Math.log10(from)) + 1 }, (_, power) => 10 ** -power);
}

function placer(scale: Scale): { readonly x: Scale; readonly y: Scale } {
  return {
    x: (value) => MARGIN.left + scale(value) * (WIDTH - MARGIN.left - MARGIN.right),
    y: (value) => HEIGHT - MARGIN.bottom - scale(value) * (HEIGHT - MARGIN.top - MARGIN.bottom),
  };
}

function grid(place: ReturnType<typeof placer>, from: number | undefined): string {
  return ticks(from)
    .map((tick) => {
      const [x, y] = [place.x(tick).toFixed(1), place.y(tick).toFixed(1)];
      return (
        `<path class="grid" d="M${x} ${MARGIN.top}V${HEIGHT - MARGIN.bottom}M${MARGIN.left} ${y}H${WIDTH - MARGIN.right}"/>` +
        `<text x="${x}" y="${HEIGHT - MARGIN.bottom + 14}" text-anchor="middle">${tick}</text>` +
        `<text x="${MARGIN.left - 6}" y="${y}" text-anchor="end" dominant-baseline="middle">${tick}</text>`
      );
    })
    .join('');
}

function drawLine({ points, dashed }: ChartLine, place: ReturnType<typeof placer>, colour: number): string {
  const path = points.map(([x, y]) => `${place.x(x).toFixed(1)} ${place.y(y).toFixed(1)}`).join('L');
  return `<path class="line c${colour}${dashed === true ? ' dashed' : ''}" d="M${path}"/>`;
}

export function lineChart({ title, xLabel, yLabel, lines, logarithmicFrom }: ChartOptions): string {
  const place = placer(axisScale(logarithmicFrom));
  const legend = lines.map(({ label }, colour) => {
    const y = MARGIN.top + 12 + colour * 14;
    return `<text class="t${colour}" x="${WIDTH - MARGIN.right - 6}" y="${y}" text-anchor="end">${label}</text>`;
  });
  return [
    `<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${title}">`,
    `<text class="title" x="${MARGIN.left}" y="16">${title}</text>`,
    grid(place, logarithmicFrom),
    lines.map((line, colour) => drawLine(line, place, colour)).join(''),
    legend.join(''),
    `<text x="${(WIDTH + MARGIN.left) / 2}" y="${HEIGHT - 6}" text-anchor="middle">${xLabel}</text>`,
    `<text transform="translate(12 ${HEIGHT / 2}) rotate(-90)" text-anchor="middle">${yLabel}</text>`,
    '</svg>',
  ].join('');
}
