// What is shown, as the query of an address, and back; /network on the server reads the same.
import { KINDS, LINKS, type Filter } from "./model";

export const NONE = "none";
const TEXTS = ["status", "region", "vendor", "product"] as const;

function several(given: string[], all: readonly string[]): Set<string> {
  return given.length ? new Set(all.filter((one) => given.includes(one))) : new Set(all);
}

/** What an address asks for. */
export function read(query: string): Filter {
  const given = new URLSearchParams(query);
  const [status, region, vendor, product] = TEXTS.map((name) => (given.get(name) ?? "").trim());
  return {
    kinds: several(given.getAll("kind"), KINDS),
    links: several(given.getAll("link"), LINKS),
    status: status ?? "",
    region: region ?? "",
    vendor: vendor ?? "",
    product: product ?? "",
  };
}

/** The query that asks for this, after which come the pairs that a picture is not narrowed by. */
export function write(filter: Filter, also: Iterable<readonly [string, string]> = []): string {
  const query = new URLSearchParams();
  for (const [name, chosen, all] of [
    ["kind", filter.kinds, KINDS],
    ["link", filter.links, LINKS],
  ] as const) {
    if (all.every((one) => chosen.has(one))) continue;
    const left = all.filter((one) => chosen.has(one));
    for (const one of left.length ? left : [NONE]) query.append(name, one);
  }
  for (const name of TEXTS) if (filter[name]) query.append(name, filter[name]);
  for (const [name, value] of also) if (value) query.append(name, value);
  const text = query.toString();
  return text && `?${text}`;
}
