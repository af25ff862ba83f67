/**
 * From a model's raw log-odds to a probability that can be taken at its word (Platt scaling: Platt,
 * "Probabilistic outputs for support vector machines", 1999). A straight line in log-odds keeps the
 * order of the scores; it is fitted on a slice of time later than the training data.
 */

export interface Calibration {
  readonly slope: number;
  readonly intercept: number;
}

export function logit(probability: number): number {
  return Math.log(probability / (1 - probability));
}

export function probabilityOf(logOdds: number): number {
  return 1 / (1 + Math.exp(-logOdds));
}

export function calibrated(calibration: Calibration, rawLogOdds: number): number {
  return probabilityOf(calibration.slope * rawLogOdds + calibration.intercept);
}

/**
 * The same calibration for traffic with another share of fraud: the prior's log-odds are exchanged
 * (Saerens et al., "Adjusting the outputs of a classifier to new a priori probabilities", 2002).
 */
export function forBaseRate(calibration: Calibration, fittedRate: number, wantedRate: number): Calibration {
  return {
    slope: calibration.slope,
    intercept: calibration.intercept + logit(wantedRate) - logit(fittedRate),
  };
}
