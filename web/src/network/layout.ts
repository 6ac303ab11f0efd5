// Lays things out with ForceAtlas2, some steps at a time. It has no clock and no chance in it.
import iterate from "graphology-layout-forceatlas2/iterate";

const COMMON = {
  outboundAttractionDistribution: false,
  adjustSizes: false,
  edgeWeightInfluence: 0,
  strongGravityMode: true,
  barnesHutTheta: 0.7,
};
/** First what is linked comes together, then everything takes its room. */
const UNTANGLE = { ...COMMON, linLogMode: false, scalingRatio: 20, gravity: 0.06, slowDown: 2 };
const SPREAD = { ...COMMON, linLogMode: true, scalingRatio: 10, gravity: 0.02, slowDown: 5 };
const MANY = 1000;
const OF_A_NODE = 10;
const OF_AN_EDGE = 3;
const MASS = 6;

/** A drawing that is being laid out. */
export class Layout {
  private readonly untangling: number;
  private readonly steps: number;
  private readonly many: boolean;
  private readonly nodes: Float32Array;
  private readonly edges: Float32Array;
  private done = 0;

  /** From places (x, y), and links as pairs of places in that list. */
  constructor(places: Float32Array, links: Uint32Array) {
    const count = places.length / 2;
    this.nodes = new Float32Array(count * OF_A_NODE);
    this.edges = new Float32Array((links.length / 2) * OF_AN_EDGE);
    this.many = count > MANY;
    this.untangling = this.many ? 200 : 300;
    this.steps = this.untangling + 100;
    for (let at = 0; at < count; at += 1) {
      const row = at * OF_A_NODE;
      this.nodes[row] = places[2 * at] ?? 0;
      this.nodes[row + 1] = places[2 * at + 1] ?? 0;
      this.nodes.fill(1, row + MASS, row + 9);
    }
    for (let at = 0; at < links.length; at += 2) {
      const row = (at / 2) * OF_AN_EDGE;
      const ends = [links[at] ?? 0, links[at + 1] ?? 0].map((end) => end * OF_A_NODE);
      this.edges.set([...ends, 1], row);
      for (const end of ends) this.nodes[end + MASS] = (this.nodes[end + MASS] ?? 0) + 1;
    }
  }

  /** Go some steps on; whether it is finished then. */
  run(steps: number): boolean {
    for (let left = steps; left > 0 && this.done < this.steps; left -= 1) {
      const settings = this.done < this.untangling ? UNTANGLE : SPREAD;
      iterate({ ...settings, barnesHutOptimize: this.many }, this.nodes, this.edges);
      this.done += 1;
    }
    return this.done >= this.steps;
  }

  /** Where everything is now. */
  places(): Float32Array {
    const found = new Float32Array((this.nodes.length / OF_A_NODE) * 2);
    for (let at = 0; at < found.length / 2; at += 1) {
      found[2 * at] = this.nodes[at * OF_A_NODE] ?? 0;
      found[2 * at + 1] = this.nodes[at * OF_A_NODE + 1] ?? 0;
    }
    return found;
  }
}
