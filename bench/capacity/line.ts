/** The straight line that fits points best (least squares). */
export interface Line {
  base: number;
  slope: number;
}

/** @param points of at least two different x; NaN otherwise. */
export function fit(points: readonly (readonly [x: number, y: number])[]): Line {
  const mean = (values: number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
  const x0 = mean(points.map(([x]) => x));
  const y0 = mean(points.map(([, y]) => y));
  const slope = points.reduce((sum, [x, y]) => sum + (x - x0) * (y - y0), 0) / points.reduce((sum, [x]) => sum + (x - x0) ** 2, 0);
  return { base: y0 - slope * x0, slope };
}
