// Where things are before they are laid out, and how large: the same for the same things.
import type { Shown } from "./model";

const GOLDEN = Math.PI * (3 - Math.sqrt(5));

/** The seeds of a sunflower: x and y of each, one after the other. */
export function start(count: number): Float32Array {
  const places = new Float32Array(2 * count);
  for (let at = 0; at < count; at += 1) {
    const radius = 10 * Math.sqrt(at + 0.5);
    places[2 * at] = radius * Math.cos(at * GOLDEN);
    places[2 * at + 1] = radius * Math.sin(at * GOLDEN);
  }
  return places;
}

/** How many links each thing has that is shown. */
export function degrees(shown: Shown): Map<number, number> {
  const found = new Map(shown.nodes.map((at) => [at, 0]));
  for (const { from, to } of shown.links) {
    for (const end of new Set([from, to])) found.set(end, (found.get(end) ?? 0) + 1);
  }
  return found;
}

/** How large things are drawn: the less room there is for each, in square pixels, the smaller. */
export function scale(room: number): number {
  return Math.min(1, Math.max(0.4, Math.sqrt(room / 1200)));
}

/** The radius of a thing before it is scaled. */
export function radius(degree: number): number {
  return Math.min(22, 2.5 + 1.6 * Math.sqrt(degree));
}
