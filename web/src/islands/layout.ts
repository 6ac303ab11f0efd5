// The worker that lays the network out, so that the page stays quick meanwhile.
import { Layout } from "../network/layout";

interface Job {
  job: number;
  places: Float32Array;
  links: Uint32Array;
}
interface Scope {
  onmessage: ((event: MessageEvent<Job>) => void) | null;
  postMessage(message: unknown): void;
}

const scope = globalThis as unknown as Scope;
/** Milliseconds of work before the places are sent, and a newer job is looked for. */
const SLICE = 60;
let current = 0;

scope.onmessage = ({ data }) => {
  current = data.job;
  const layout = new Layout(data.places, data.links);
  const on = (): void => {
    if (current !== data.job) return;
    const until = performance.now() + SLICE;
    let done = layout.run(1);
    while (!done && performance.now() < until) done = layout.run(1);
    scope.postMessage({ job: data.job, places: layout.places(), done });
    if (!done) setTimeout(on);
  };
  on();
};
