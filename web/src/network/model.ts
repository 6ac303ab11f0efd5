// What /network/data.json says: things, and links with the claims that they rest on.

export const KINDS = [
  "trust",
  "product",
  "vendor",
  "network",
  "icb",
  "programme",
  "organisation",
  "unresolved",
] as const;
export const LINKS = ["use", "supply", "member", "route"] as const;

export type Kind = (typeof KINDS)[number];
export type LinkKind = (typeof LINKS)[number];

export interface Thing {
  /** The address of its page on this host. */
  id: string;
  kind: Kind;
  label: string;
  region: string | null;
}

export interface Claim {
  status?: string;
  route_type?: string;
  detail?: string;
  product?: string;
  vendor?: string;
  region?: string;
  reported?: string;
  source: string;
  locator: string;
}

export interface Link {
  link: LinkKind;
  /** Places in the list of things. */
  from: number;
  to: number;
  /** The first day on which a claim was reported. */
  first: string | null;
  /** How many claims it rests on. */
  weight: number;
  claims: Claim[];
}

export interface Source {
  title: string;
  page: string;
}

export interface Network {
  release: string;
  nodes: Thing[];
  links: Link[];
  sources: Record<string, Source>;
}

/** What is to be shown; an empty text narrows nothing. */
export interface Filter {
  kinds: ReadonlySet<string>;
  links: ReadonlySet<string>;
  status: string;
  region: string;
  vendor: string;
  product: string;
}

/** What is shown: places in the list of things, and links with the claims that are left. */
export interface Shown {
  nodes: number[];
  links: Link[];
}
