// One query on its way: asked of the endpoint under a name of its own, so that it can be ended.
import { type Answer, read } from "./answer";

export interface Problem {
  title: string;
  detail: string;
  line?: number;
  column?: number;
}

export type Outcome =
  | { is: "answer"; answer: Answer; graph: boolean; seconds: number }
  | { is: "problem"; problem: Problem }
  | { is: "cancelled" };

const ACCEPT = "application/sparql-results+json, text/turtle;q=0.9";
const PATIENCE = 300; // milliseconds in which a server notices that a client has gone
const MOST = 50_000_000; // bytes that a page can show without harm

/** A name for a query that nobody guesses; `randomUUID` is only there on secure origins. */
export function queryId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** What a refusal says, whoever refused. */
export function problemIn(body: string, status: number): Problem {
  const plain = { title: "No answer", detail: `The service answered with status ${status}.` };
  try {
    const found = JSON.parse(body) as Partial<Problem>;
    return typeof found.detail === "string" ? { ...plain, ...found } : plain;
  } catch {
    return plain;
  }
}

/** A query that runs until it is answered or cancelled. */
export class Run {
  private readonly id = queryId();
  private readonly stopped = new AbortController();

  constructor(
    private readonly query: string,
    private readonly release: string | null,
  ) {}

  /** Ask, and wait. */
  async outcome(): Promise<Outcome> {
    const started = performance.now();
    const body = new URLSearchParams({ query: this.query });
    if (this.release) body.set("release", this.release);
    const headers = { accept: ACCEPT, "query-id": this.id };
    try {
      const { signal } = this.stopped;
      const reply = await fetch("/sparql", { method: "POST", body, headers, signal });
      const text = await whole(reply);
      if (text === null) return tooLarge();
      if (!reply.ok) return { is: "problem", problem: problemIn(text, reply.status) };
      const media = reply.headers.get("content-type") ?? "";
      const answer = read(text, media);
      const seconds = (performance.now() - started) / 1000;
      return { is: "answer", answer, graph: answer.is === "text", seconds };
    } catch {
      if (this.stopped.signal.aborted) return { is: "cancelled" };
      const detail = "The service could not be reached, or its answer broke off. Try again.";
      return { is: "problem", problem: { title: "No answer", detail } };
    }
  }

  /** End it: the server sees that nobody waits, or is told where a proxy keeps that from it. */
  cancel(): void {
    this.stopped.abort();
    window.setTimeout(() => void this.end().catch(() => undefined), PATIENCE);
  }

  private async end(): Promise<void> {
    const running = (await (await fetch("/sparql/queries")).json()) as { id: string }[];
    if (running.some((one) => one.id === this.id)) {
      await fetch(`/sparql/queries/${this.id}`, { method: "DELETE" });
    }
  }
}

async function whole(reply: Response): Promise<string | null> {
  const reader = reply.body?.getReader();
  if (!reader) return reply.text();
  const decoder = new TextDecoder();
  const parts: string[] = [];
  for (let size = 0; ; ) {
    const { done, value } = await reader.read();
    if (done) return parts.join("") + decoder.decode();
    size += value.length;
    if (size > MOST) {
      void reader.cancel();
      return null;
    }
    parts.push(decoder.decode(value, { stream: true }));
  }
}

function tooLarge(): Outcome {
  const detail = "The answer is too large for this page. Add LIMIT to the query, or ask it from a program.";
  return { is: "problem", problem: { title: "Too large", detail } };
}
