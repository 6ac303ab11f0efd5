// Names in the drawing, in ink on paper, light or dark.
import type { Settings } from "sigma/settings";
import type { NodeDisplayData, PartialButFor } from "sigma/types";
import type { Look } from "./style";

type Drawn = PartialButFor<NodeDisplayData, "x" | "y" | "size" | "label" | "color">;
type Font = Pick<Settings, "labelSize" | "labelFont" | "labelWeight">;

const LONGEST = 42;

/** A name as it is drawn; the facts have the whole of it. */
export function short(label: string): string {
  const letters = [...label];
  return letters.length > LONGEST ? `${letters.slice(0, LONGEST - 1).join("").trimEnd()}…` : label;
}

/** Draws the names of one view, each where none is yet. */
export class Labels {
  private taken: [left: number, top: number, right: number, bottom: number][] = [];
  private width = Infinity;

  /** A new view begins, of this width. */
  begin(width: number): void {
    this.taken = [];
    this.width = width;
  }

  /** A name beside its thing, unless another is there; with a rim of paper, so that no line crosses it. */
  draw(context: CanvasRenderingContext2D, data: Drawn, settings: Font, look: Look): void {
    if (!data.label) return;
    const text = short(data.label);
    context.font = `${settings.labelWeight} ${settings.labelSize}px ${settings.labelFont}`;
    const width = context.measureText(text).width;
    const right = data.x + data.size + 3;
    const left = data.x - data.size - 3 - width;
    const x = right + width > this.width && left > 0 ? left : right;
    const y = data.y + settings.labelSize / 3;
    const box: (typeof this.taken)[number] = [x - 2, y - settings.labelSize, x + width + 2, y + 4];
    if (this.taken.some((one) => one[0] < box[2] && box[0] < one[2] && one[1] < box[3] && box[1] < one[3])) return;
    this.taken.push(box);
    write(context, text, x, y, look);
  }
}

function write(context: CanvasRenderingContext2D, text: string, x: number, y: number, look: Look): void {
  context.lineJoin = "round";
  context.lineWidth = 3;
  context.strokeStyle = look.paper;
  context.strokeText(text, x, y);
  context.fillStyle = look.ink;
  context.fillText(text, x, y);
}

/** A name in a box, for the thing that is pointed at or chosen. */
export function drawHover(context: CanvasRenderingContext2D, data: Drawn, settings: Font, look: Look): void {
  context.font = `${settings.labelWeight} ${settings.labelSize}px ${settings.labelFont}`;
  const text = short(data.label ?? "");
  const half = Math.max(settings.labelSize / 2 + 5, data.size + 4);
  context.fillStyle = look.paper;
  context.strokeStyle = look.ink;
  context.lineWidth = 1.5;
  context.beginPath();
  context.roundRect(data.x - data.size - 4, data.y - half, 2 * data.size + context.measureText(text).width + 16, 2 * half, 6);
  context.fill();
  context.stroke();
  write(context, text, data.x + data.size + 5, data.y + settings.labelSize / 3, look);
}
