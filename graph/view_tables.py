"""The tables of a view in SQL: what is known, what is claimed, and the nodes and edges made of it."""

CLAIMS = """
CREATE TABLE claim AS
SELECT
  replace(source, '{prefix}', '') AS source, replace(target, '{prefix}', '') AS target,
  kind, status, route_type, involvement, "start", "end", reported, origin, claim
FROM read_csv('{files}', all_varchar = true, header = true, union_by_name = true, buffer_size = 4194304)
WHERE source <> target
ORDER BY source, kind, target
"""
BOUNDS = """
SELECT DISTINCT source FROM claim WHERE rowid % $part = 0 ORDER BY source
"""
EMPTY = """
CREATE TABLE edge (
  id VARCHAR, source VARCHAR, target VARCHAR, kind VARCHAR, weight BIGINT, claims BIGINT,
  status VARCHAR, route_types VARCHAR, involvements VARCHAR, first_reported VARCHAR,
  last_reported VARCHAR, "start" VARCHAR, "end" VARCHAR, shared VARCHAR,
  spells STRUCT(day VARCHAR, until VARCHAR)[]
)
"""
# Both tables are written in the order of their keys, and are read in the order of writing.
# Lists made distinct and sorted afterwards take half the time of aggregates that do both.
# What overlaps becomes one stretch: a reader of networks takes no time twice.
EDGES = """
INSERT INTO edge
SELECT
  source || ' ' || kind || ' ' || target, source, target, kind,
  len(list_distinct(origins)), len(list_distinct(claims)), coalesce(status, ''),
  coalesce(array_to_string(list_sort(list_distinct(route_types)), '|'), ''),
  coalesce(array_to_string(list_sort(list_distinct(involvements)), '|'), ''),
  coalesce(first_reported, ''), coalesce(last_reported, ''),
  coalesce(apart[1].day, ''), coalesce(apart[-1].until, ''), '', apart
FROM (
  SELECT *, CASE WHEN len(spells) < 2 THEN spells ELSE list_reduce(
    list_transform(list_sort(list_distinct(spells)), lambda one: [one]),
    lambda before, one:
      CASE WHEN before[-1].until <> '' AND before[-1].until < one[1].day THEN before || one
      ELSE before[:-2] || [struct_pack(
        day := before[-1].day,
        until := CASE WHEN before[-1].until = '' OR one[1].until = '' THEN ''
          ELSE greatest(before[-1].until, one[1].until) END)]
      END) END AS apart
  FROM (
    SELECT source, target, kind, list(origin) AS origins, list(claim) AS claims,
      arg_max(status, (coalesce(reported, ''), coalesce("start", ''), claim, status))
        FILTER (status IS NOT NULL) AS status,
      list(route_type) FILTER (route_type IS NOT NULL) AS route_types,
      list(involvement) FILTER (involvement IS NOT NULL) AS involvements,
      min(reported) AS first_reported, max(reported) AS last_reported,
      list(struct_pack(day := coalesce("start", ''), until := coalesce("end", '')))
        FILTER ("start" IS NOT NULL OR "end" IS NOT NULL) AS spells
    FROM claim WHERE source >= $first AND ($after IS NULL OR source < $after)
    GROUP BY source, target, kind
  )
)
ORDER BY source, kind, target
"""
PEERS = """
CREATE TABLE edge AS
WITH tie AS (
  SELECT source, target, claim.kind AS kind, count(DISTINCT claim) AS claims,
    min(reported) AS first_reported, max(reported) AS last_reported
  FROM claim JOIN known ON known.id = source AND known.kind = '01trust'
  GROUP BY source, target, claim.kind
)
SELECT
  a.source || ' resembles ' || b.source AS id, a.source AS source, b.source AS target,
  'resembles' AS kind,
  count(DISTINCT a.target) AS weight,
  CAST(sum(a.claims + b.claims) AS BIGINT) AS claims,
  '' AS status, '' AS route_types, '' AS involvements,
  coalesce(min(least(a.first_reported, b.first_reported)), '') AS first_reported,
  coalesce(max(greatest(a.last_reported, b.last_reported)), '') AS last_reported,
  '' AS "start", '' AS "end",
  string_agg(DISTINCT a.target, '|' ORDER BY a.target) AS shared,
  NULL AS spells
FROM tie a JOIN tie b ON a.target = b.target AND a.kind = b.kind AND a.source < b.source
GROUP BY a.source, b.source
ORDER BY id
"""
KNOWN = """
CREATE TABLE known AS
SELECT replace(id, '{prefix}', '') AS id, min(label) AS label,
  min(lpad(rank, 2, '0') || kind) AS kind, min(ods) AS ods,
  string_agg(DISTINCT region, '|' ORDER BY region) AS region,
  string_agg(DISTINCT icb, '|' ORDER BY icb) AS icb, min(network_kind) AS network_kind,
  min(answer) AS answer, min(opened) AS opened, max(closed) AS closed
FROM read_csv('{file}', all_varchar = true, header = true) GROUP BY id
"""
UNMEASURED = """
CREATE TABLE position (id VARCHAR, community VARCHAR, betweenness VARCHAR, reach VARCHAR)
"""
MEASURED = """
INSERT INTO position
SELECT replace(id, '{prefix}', ''), community, betweenness, reach
FROM read_csv('{file}', all_varchar = true, header = true) WHERE view = $1
"""
NODES = """
CREATE TABLE node AS
WITH tied AS (
  SELECT id, count(*) AS degree, CAST(sum(weight) AS BIGINT) AS weighted_degree FROM (
    SELECT source AS id, weight FROM edge UNION ALL SELECT target AS id, weight FROM edge
  ) GROUP BY id
)
SELECT tied.id, coalesce(label, tied.id) AS label, coalesce(substr(kind, 3), 'other') AS kind,
  coalesce(ods, '') AS ods, coalesce(region, '') AS region, coalesce(icb, '') AS icb,
  coalesce(network_kind, '') AS network_kind, coalesce(answer, '') AS answer,
  coalesce(opened, '') AS opened, coalesce(closed, '') AS closed, degree, weighted_degree,
  coalesce(community, '') AS community, coalesce(betweenness, '') AS betweenness,
  coalesce(reach, '') AS reach
FROM tied LEFT JOIN known USING (id) LEFT JOIN position USING (id)
ORDER BY id
"""
NODE_SHEET = """
SELECT * REPLACE (
  CAST(nullif(opened, '') AS DATE) AS opened, CAST(nullif(closed, '') AS DATE) AS closed,
  CAST(nullif(community, '') AS BIGINT) AS community,
  CAST(nullif(betweenness, '') AS DOUBLE) AS betweenness,
  CAST(nullif(reach, '') AS BIGINT) AS reach)
FROM node
"""
EDGE_SHEET = """
SELECT * REPLACE (
  CAST(nullif(first_reported, '') AS DATE) AS first_reported,
  CAST(nullif(last_reported, '') AS DATE) AS last_reported,
  CAST(nullif("start", '') AS DATE) AS "start", CAST(nullif("end", '') AS DATE) AS "end",
  list_transform(spells, lambda spell: struct_pack(
    "start" := CAST(nullif(spell.day, '') AS DATE),
    "end" := CAST(nullif(spell.until, '') AS DATE))) AS spells,
  string_split(nullif(route_types, ''), '|') AS route_types,
  string_split(nullif(involvements, ''), '|') AS involvements,
  string_split(nullif(shared, ''), '|') AS shared)
FROM edge
"""
