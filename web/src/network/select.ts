// Which links are shown. The server holds the same rule: queries/questions/network-links.rq for the
// claims, service/explorer/selection.py for what they touch. A shared table of cases tests both.
import type { Claim, Filter, Link, Network, Shown } from "./model";

/** Whether a claim of a link is one of those asked for. */
function asked(link: Link, claim: Claim, filter: Filter): boolean {
  const { link: kind } = link;
  if (filter.status && kind !== "supply" && kind !== "member" && claim.status !== filter.status) return false;
  if (filter.region && kind !== "supply" && claim.region !== filter.region) return false;
  if (filter.vendor && kind !== "member" && claim.vendor !== filter.vendor) return false;
  if (filter.product && kind !== "member" && claim.product !== filter.product) return false;
  return true;
}

function first(claims: Claim[]): string | null {
  const days = claims.flatMap((claim) => claim.reported ?? []).sort();
  return days[0] ?? null;
}

/** The links that are shown, with the claims that are left of each, and the things that they link. */
export function select(network: Network, filter: Filter): Shown {
  const narrowed = network.links.flatMap((link): Link[] => {
    const claims = link.claims.filter((claim) => asked(link, claim, filter));
    if (claims.length === link.claims.length) return [link];
    return claims.length ? [{ ...link, claims, weight: claims.length, first: first(claims) }] : [];
  });
  const products = new Set(narrowed.filter((one) => one.link === "use").map((one) => one.to));
  const users = new Set(
    narrowed.filter((one) => one.link === "use" || one.link === "route").map((one) => one.from),
  );
  const touches = (one: Link): boolean => {
    if (one.link === "supply" && (filter.status || filter.region)) return products.has(one.from);
    if (one.link === "member" && (filter.status || filter.vendor || filter.product)) return users.has(one.from);
    return true;
  };
  const kind = (at: number): string => network.nodes[at]?.kind ?? "";
  const links = narrowed.filter(
    (one) =>
      filter.links.has(one.link) &&
      filter.kinds.has(kind(one.from)) &&
      filter.kinds.has(kind(one.to)) &&
      touches(one),
  );
  const nodes = [...new Set(links.flatMap((one) => [one.from, one.to]))].sort((a, b) => a - b);
  return { nodes, links };
}
