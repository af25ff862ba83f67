/** A scorer that says when the traffic it scores stops being, or becomes again, what its model was trained on. */
import type { Scorer } from '#src/ports/scorer.ts';
import type { DomainGap, DomainWatch } from '#src/scoring/domain-watch.ts';

/** Payments between two looks at the shares. */
const LOOK_EVERY = 500;

function sameGroups(one: readonly DomainGap[], other: readonly DomainGap[]): boolean {
  return one.length === other.length && one.every((gap, place) => gap.group === other[place]?.group);
}

/** `onGaps` is told all gaps whenever other groups differ than before; none means that it fits again. */
export function createWatchedScorer(
  scorer: Scorer,
  watch: DomainWatch,
  onGaps: (gaps: readonly DomainGap[]) => void,
): Scorer {
  let known: readonly DomainGap[] = [];
  let sinceLook = 0;

  const look = (): void => {
    sinceLook = 0;
    const gaps = watch.gaps();
    if (sameGroups(gaps, known)) return;
    known = gaps;
    onGaps(gaps);
  };

  return {
    ...scorer,
    score: (vectors, rows) => {
      watch.observe(vectors, rows);
      sinceLook += rows;
      if (sinceLook >= LOOK_EVERY) look();
      return scorer.score(vectors, rows);
    },
  };
}
