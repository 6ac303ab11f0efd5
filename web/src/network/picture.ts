// The drawing: a graph of what is shown, kept in step with what is chosen and pointed at.
import EdgeCurveProgram from "@sigma/edge-curve";
import { toBlob } from "@sigma/export-image";
import { createNodeBorderProgram } from "@sigma/node-border";
import { NodeSquareProgram } from "@sigma/node-square";
import { MultiDirectedGraph } from "graphology";
import Sigma from "sigma";
import { EdgeArrowProgram, EdgeRectangleProgram } from "sigma/rendering";
import type { EdgeDisplayData, NodeDisplayData } from "sigma/types";
import { drawHover, Labels } from "./labels";
import type { Kind, LinkKind, Network, Shown } from "./model";
import { degrees, radius, scale, start } from "./start";
import { LINES, look, SHAPES, type Look } from "./style";

/** What is known of a thing in the drawing. */
interface NodeValues {
  x: number;
  y: number;
  size: number;
  label: string;
  kind: Kind;
}
interface EdgeValues {
  link: LinkKind;
  weight: number;
}

/** Of many links each is thinner. */
function thickness(links: number): number {
  return Math.min(1.8, Math.max(0.6, Math.sqrt(1000 / Math.max(1, links))));
}

const LAYOUT = "/static/islands/layout.js";
const RingProgram = createNodeBorderProgram({
  borders: [
    { size: { value: 0.3 }, color: { attribute: "borderColor" } },
    { size: { fill: true }, color: { attribute: "color" } },
  ],
});

/** A square whose name is drawn like all others. */
class SquareProgram extends NodeSquareProgram {
  constructor(...values: ConstructorParameters<typeof NodeSquareProgram>) {
    super(...values);
    Object.assign(this, { drawLabel: undefined, drawHover: undefined });
  }
}

/** Whether this browser can draw it. */
export function drawable(): boolean {
  return document.createElement("canvas").getContext("webgl2") !== null;
}

export class Picture {
  readonly sigma: Sigma;
  private graph = new MultiDirectedGraph();
  private look: Look = look();
  private readonly labels = new Labels();
  private worker: Worker | null = null;
  private job = 0;
  private hovered: string | null = null;
  private selected: string | null = null;
  private readonly still = matchMedia("(prefers-reduced-motion: reduce)");

  /** Draws into an element; tells what was clicked, and how far the drawing is. */
  constructor(
    private readonly network: Network,
    container: HTMLElement,
    clicked: (at: number | null) => void,
    private readonly state: (name: "drawn" | "settled") => void,
  ) {
    this.sigma = new Sigma(this.graph, container, {
      nodeProgramClasses: { square: SquareProgram, ring: RingProgram },
      edgeProgramClasses: { line: EdgeRectangleProgram, arrow: EdgeArrowProgram, curved: EdgeCurveProgram },
      defaultDrawNodeLabel: (context, data, settings) => this.labels.draw(context, data, settings, this.look),
      defaultDrawNodeHover: (context, data, settings) => drawHover(context, data, settings, this.look),
      labelFont: '"Segoe UI", "DejaVu Sans", Arial, sans-serif',
      labelSize: 13,
      labelDensity: 1,
      labelGridCellSize: 90,
      labelRenderedSizeThreshold: 5,
      minEdgeThickness: 0.4,
      minCameraRatio: 0.02,
      maxCameraRatio: 3,
      stagePadding: 40,
      zIndex: true,
      allowInvalidContainer: true, // printing hides it
      nodeReducer: (node, data) => this.node(node, data as NodeValues),
      edgeReducer: (edge, data) => this.edge(edge, data as EdgeValues),
    });
    this.sigma.on("beforeRender", () => this.labels.begin(this.sigma.getDimensions().width));
    this.sigma.on("clickNode", ({ node }) => clicked(Number(node)));
    this.sigma.on("clickStage", () => clicked(null));
    this.sigma.on("enterNode", ({ node }) => this.point(node));
    this.sigma.on("leaveNode", () => this.point(null));
    // The wheel alone moves the page; with Ctrl, or two fingers, it comes closer.
    container.addEventListener("wheel", (event) => event.ctrlKey || event.metaKey || event.stopPropagation(), {
      capture: true,
    });
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.repaint());
  }

  /** Draw other things: from the same places each time, so that one choice has one picture. */
  draw(shown: Shown): void {
    const degree = degrees(shown);
    const places = start(shown.nodes.length);
    const graph = new MultiDirectedGraph();
    const { width, height } = this.sigma.getDimensions();
    const scaled = scale((width * height) / Math.max(1, shown.nodes.length));
    shown.nodes.forEach((at, place) => {
      const thing = this.network.nodes[at];
      if (!thing) return;
      graph.addNode(String(at), {
        x: places[2 * place] ?? 0,
        y: places[2 * place + 1] ?? 0,
        size: scaled * radius(degree.get(at) ?? 0),
        label: thing.label,
        kind: thing.kind,
      });
    });
    for (const { from, to, link, weight } of shown.links) {
      graph.addDirectedEdge(String(from), String(to), { link, weight });
    }
    this.graph = graph;
    this.hovered = null;
    if (this.selected && !graph.hasNode(this.selected)) this.selected = null;
    this.whole(0);
    if (!this.still.matches) this.sigma.setGraph(graph);
    this.state("drawn");
    this.settle(places, shown);
  }

  /** Mark a thing and go to it, or mark none. */
  select(at: number | null, go = false): void {
    this.selected = at === null ? null : String(at);
    this.sigma.refresh({ skipIndexation: true });
    const data = this.selected && go ? this.sigma.getNodeDisplayData(this.selected) : undefined;
    if (!data) return;
    const camera = this.sigma.getCamera();
    const ratio = Math.min(camera.getState().ratio, 0.35);
    void camera.animate({ x: data.x, y: data.y, ratio }, { duration: this.duration });
  }

  closer(): void {
    void this.sigma.getCamera().animatedZoom({ duration: this.duration, factor: 1.5 });
  }

  farther(): void {
    void this.sigma.getCamera().animatedUnzoom({ duration: this.duration, factor: 1.5 });
  }

  whole(duration = this.duration): void {
    const all = { x: 0.5, y: 0.5, ratio: 1, angle: 0 };
    if (duration) void this.sigma.getCamera().animate(all, { duration });
    else this.sigma.getCamera().setState(all);
  }

  /** Move the view by a part of its width and height. */
  move(right: number, down: number): void {
    const camera = this.sigma.getCamera();
    const { x, y, ratio } = camera.getState();
    camera.setState({ x: x + right * ratio, y: y - down * ratio });
  }

  /** What is seen now, as PNG. */
  png(): Promise<Blob> {
    const begun = (drawn: Sigma): void => this.labels.begin(drawn.getDimensions().width);
    return toBlob(this.sigma, {
      format: "png",
      backgroundColor: this.look.paper,
      withTempRenderer: (drawn) => {
        drawn.on("beforeRender", () => begun(drawn));
        drawn.refresh();
      },
    });
  }

  /** Where each thing is: x and y by its place in the list of all. */
  places(): Map<number, [number, number]> {
    return new Map(this.graph.mapNodes((node, { x, y }) => [Number(node), [Number(x), Number(y)]]));
  }

  private get duration(): number {
    return this.still.matches ? 0 : 300;
  }

  private settle(places: Float32Array, shown: Shown): void {
    this.job += 1;
    this.worker ??= this.hire();
    const place = new Map(shown.nodes.map((at, index) => [at, index]));
    const ends = shown.links.flatMap(({ from, to }) => (from === to ? [] : [place.get(from) ?? 0, place.get(to) ?? 0]));
    this.worker.postMessage({ job: this.job, places, links: new Uint32Array(ends) });
  }

  private hire(): Worker {
    const worker = new Worker(LAYOUT, { type: "module" });
    worker.addEventListener("message", ({ data }: MessageEvent<{ job: number; places: Float32Array; done: boolean }>) => {
      if (data.job !== this.job || (this.still.matches && !data.done)) return;
      let at = 0;
      this.graph.updateEachNodeAttributes(
        (_, values) => {
          values.x = data.places[at] ?? 0;
          values.y = data.places[at + 1] ?? 0;
          at += 2;
          return values;
        },
        { attributes: ["x", "y"] },
      );
      if (this.sigma.getGraph() !== this.graph) this.sigma.setGraph(this.graph);
      if (data.done) this.state("settled");
    });
    worker.addEventListener("error", () => {
      this.sigma.setGraph(this.graph);
      this.state("settled");
    });
    return worker;
  }

  private point(node: string | null): void {
    this.hovered = node;
    this.sigma.getContainer().classList.toggle("pointing", node !== null);
    this.sigma.refresh({ skipIndexation: true });
  }

  private repaint(): void {
    this.look = look();
    this.sigma.refresh();
  }

  private node(node: string, data: NodeValues): Partial<NodeDisplayData> {
    const shape = SHAPES[data.kind];
    const colour = this.look.kinds[data.kind];
    const focus = this.hovered ?? this.selected;
    const shown = { type: shape, color: shape === "ring" ? this.look.paper : colour, borderColor: colour };
    if (focus === null || !this.graph.hasNode(focus)) return { ...data, ...shown };
    if (node === focus) return { ...data, ...shown, zIndex: 2, highlighted: node === this.selected, forceLabel: true };
    if (this.graph.areNeighbors(node, focus)) {
      return { ...data, ...shown, zIndex: 1, forceLabel: this.graph.degree(focus) < 25 };
    }
    return { ...data, ...shown, color: this.look.faint, borderColor: this.look.faint, label: "", zIndex: 0 } as Partial<NodeDisplayData>;
  }

  private edge(edge: string, data: EdgeValues): Partial<EdgeDisplayData> {
    const line = LINES[data.link];
    const focus = this.hovered ?? this.selected;
    const wide = line.size * Math.min(3, Math.sqrt(data.weight)) * thickness(this.graph.size);
    const shown = { type: line.type, color: this.look.links[data.link], zIndex: line.over };
    if (focus === null || !this.graph.hasNode(focus)) return { ...shown, size: wide };
    if (this.graph.hasExtremity(edge, focus)) return { ...shown, size: wide + 1, zIndex: 9 };
    return { ...shown, size: 0.3, color: this.look.faint, zIndex: -1 };
  }
}
