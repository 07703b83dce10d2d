/** A round trip through the service with openapi-fetch, on the types of openapi-typescript. */

import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import createClient from "openapi-fetch";
import type { components, paths } from "./schema.js";

type Event = components["schemas"]["Event"];
type Problem = components["schemas"]["Problem"];
type Filters = NonNullable<paths["/api/v1/events"]["get"]["parameters"]["query"]>;

const { URL: baseUrl = "", TOKEN: token = "" } = process.env;
const calls: string[] = [];
const counted: typeof fetch = async (input, init) => {
  const request = new Request(input, init);
  calls.push(`${request.method} ${new URL(request.url).pathname}`);
  return fetch(request);
};
const headers = { Authorization: `Bearer ${token}` };
const client = createClient<paths>({ baseUrl, headers, fetch: counted });
const stranger = createClient<paths>({ baseUrl, fetch: counted });

/** What came back, when it is what was asked for. */
function told<T>(answer: { data?: T; error?: unknown }): T {
  assert.ok(answer.data !== undefined, JSON.stringify(answer.error));
  return answer.data;
}

/** The problem that came back instead, as the types have it. */
function refused(answer: { error?: Problem | undefined; response: Response }, status: number): Problem {
  assert.equal(answer.response.status, status);
  assert.ok(answer.error);
  assert.equal(answer.error.status, status);
  return answer.error;
}

async function ask(query: Filters = {}): Promise<Event[]> {
  return told(await client.GET("/api/v1/events", { params: { query } })).results;
}

async function lookAround(): Promise<void> {
  assert.match(told(await client.GET("/api/v1")).events, /\/events$/);
  assert.equal(told(await client.GET("/api/v1/me")).scope, "publish");
  const lists = [
    client.GET("/api/v1/actors", { params: { query: { ordering: "-name", kind: ["person"] } } }),
    client.GET("/api/v1/places", { params: { query: { country: ["CN"] } } }),
    client.GET("/api/v1/sources", { params: { query: { publisher: ["Reuters"] } } }),
    client.GET("/api/v1/claims", { params: { query: { stance: ["denies", "accuses"] } } }),
    client.GET("/api/v1/timelines"),
    client.GET("/api/v1/timelines/{slug}/events", { params: { path: { slug: "fentanyl-2019" } } }),
    client.GET("/api/v1/tags"),
    client.GET("/api/v1/vocabularies/{vocabulary}", { params: { path: { vocabulary: "roles" } } }),
    client.GET("/api/v1/search", { params: { query: { q: "fentanyl" } } }),
  ];
  for (const answer of await Promise.all(lists)) {
    assert.ok(told<{ results: unknown[] }>(answer).results.length > 0, answer.response.url);
  }
  told(await client.GET("/api/v1/corrections"));
  assert.ok(told(await client.GET("/api/v1/vocabularies")).length > 1);
}

async function readEveryKindOfFilter(): Promise<void> {
  const everything = await ask();
  const placed = everything.find((event) => event.place !== null)?.place;
  const part = everything.find((event) => event.participations.length > 0)?.participations[0];
  const first = everything[0];
  assert.ok(first && placed && part);
  const some: Filters[] = [
    { overlapping: "2019-08", match: "possible" },
    { before: "2020", match: "certain", trust_uncertain: true },
    { within: "2019", clock: "reported" },
    { id: [first.id] },
    { actor: [part.actor.id], role: [part.role] },
    { actor_kind: [part.actor.kind] },
    { place: [placed.id] },
    { bbox: "-180,-90,180,90" },
    { near: "37.07,114.5,20000" },
    { tag: ["fentanyl", "trade"] },
    { status: ["occurred", "ongoing"], not_status: ["planned"] },
    { q: "court", highlight: true, ordering: "relevance" },
    { has_citation: true, undated: false },
    { updated_since: "2019-01-01T00:00:00Z" },
    { publication: ["published"] },
    { expand: ["citations.source"] },
  ];
  for (const filters of some) {
    assert.ok((await ask(filters)).length > 0, JSON.stringify(filters));
  }
  assert.deepEqual(await ask({ id: [randomUUID()] }), []);
}

async function walkToTheEndAndBack(): Promise<void> {
  const follow = async (address: string | null) => {
    const cursor = address && new URL(address).searchParams.get("cursor");
    const query = { page_size: 3, count: true, ...(cursor ? { cursor } : {}) };
    return told(await client.GET("/api/v1/events", { params: { query } }));
  };
  let page = await follow(null);
  const ids = () => page.results.map((event) => event.id);
  const forwards = [ids()];
  while (page.next) {
    page = await follow(page.next);
    forwards.push(ids());
  }
  const backwards = [ids()];
  while (page.previous) {
    page = await follow(page.previous);
    backwards.push(ids());
  }
  assert.deepEqual(backwards, [...forwards].reverse());
  assert.equal(new Set(forwards.flat()).size, page.count);
}

async function writeOne(): Promise<Event> {
  const key = randomUUID();
  const create = () =>
    client.POST("/api/v1/events", {
      params: { header: { "Idempotency-Key": key } },
      body: { title: "A typed client writes", date: { text: "late 2019" }, dataset: "ts", external_id: key },
    });
  const first = await create();
  const again = await create();
  const event = told(first);
  assert.equal(told(again).id, event.id);
  assert.equal(again.response.headers.get("Idempotent-Replayed"), "true");
  assert.equal(event.date?.edtf, "2019-39");

  const actor = told(await client.POST("/api/v1/actors", { body: { name: "Somebody" } }));
  const patch = () =>
    client.PATCH("/api/v1/events/{id}", {
      params: { path: { id: event.id }, header: { "If-Match": first.response.headers.get("ETag") ?? "" } },
      body: { summary: "Patched.", kind: null, add_participations: [{ actor: actor.id, role: "witness" }] },
    });
  const changed = told(await patch());
  assert.equal(changed.participations[0]?.actor.name, "Somebody");
  assert.equal(changed.dataset, "ts");
  assert.equal(refused(await patch(), 412).type, "/problems/stale-version");
  told(await client.POST("/api/v1/actors/{id}/publish", { params: { path: { id: actor.id } } }));
  return changed;
}

async function publishIt(event: Event): Promise<void> {
  const params = { path: { id: event.id } };
  const body = { reason: "Checked." };
  const uncited = await client.POST("/api/v1/events/{id}/publish", { params, body });
  assert.equal(refused(uncited, 409).type, "/problems/uncited");
  const source = told(await client.POST("/api/v1/sources", { body: { title: "A report" } }));
  const citation = { source: source.id, event: event.id, locator: "page 1" };
  told(await client.POST("/api/v1/citations", { body: citation }));
  const submitted = told(await client.POST("/api/v1/events/{id}/submit", { params, body }));
  assert.equal(submitted.publication, "in_review");
  refused(await stranger.GET("/api/v1/events/{id}", { params }), 404);
  const published = told(await client.POST("/api/v1/events/{id}/publish", { params, body }));
  assert.ok(published.published_at);
  told(await stranger.GET("/api/v1/events/{id}", { params }));
  const versions = told(await client.GET("/api/v1/events/{id}/history", { params }));
  assert.equal(versions.results[0]?.version, published.version);
  const back = { path: { id: event.id, n: 1 } };
  told(await client.POST("/api/v1/events/{id}/history/{n}/revert", { params: back }));
  told(await client.POST("/api/v1/events/{id}/withdraw", { params, body }));
}

async function writeMany(): Promise<void> {
  const operation = { op: "create", data: { title: "One of several" } } as const;
  const batch = { operations: [operation, operation] };
  const done = told(await client.POST("/api/v1/events/batch", { body: batch }));
  const bad = { operations: [operation, { op: "delete", id: randomUUID() } as const] };
  const none = refused(await client.POST("/api/v1/events/batch", { body: bad }), 404);
  assert.equal(none.errors[0]?.pointer, "/operations/1");
  for (const { id } of done.results) {
    const gone = await client.DELETE("/api/v1/events/{id}", { params: { path: { id } } });
    assert.equal(gone.response.status, 204);
  }
}

async function importSome(): Promise<void> {
  const row = { dataset: "ts", external_id: "1", title: "Imported", edtf: "1863-04" };
  const answer = await client.POST("/api/v1/imports", {
    params: { query: { dry_run: true } },
    body: { file: JSON.stringify(row) },
    bodySerializer: ({ file }) => {
      const form = new FormData();
      form.append("file", new Blob([file]), "rows.jsonl");
      return form;
    },
  });
  const report = told(answer);
  assert.deepEqual([report.created, report.dry_run], [1, true]);
}

async function takeItAway(): Promise<void> {
  const query = { tag: ["fentanyl"] };
  const map = told(await client.GET("/api/v1/events.geojson", { params: { query } }));
  assert.equal(map["type"], "FeatureCollection");
  const csv = await client.GET("/api/v1/events.csv", { params: { query }, parseAs: "text" });
  assert.match(told(csv), /^id,title/);
  const atom = await client.GET("/api/v1/events.atom", { parseAs: "text" });
  assert.match(told(atom), /<feed/);
  const book = await client.GET("/api/v1/events.xlsx", { parseAs: "arrayBuffer" });
  assert.ok(told(book).byteLength > 1000);
}

async function countAndExplain(): Promise<void> {
  const histogram = told(
    await client.GET("/api/v1/events/histogram", { params: { query: { interval: "year" } } }),
  );
  assert.ok(histogram.buckets.reduce((sum, bucket) => sum + bucket.expected, 0) > 1);
  const facets = told(
    await client.GET("/api/v1/events/facets", { params: { query: { by: ["kind", "tag"] } } }),
  );
  assert.ok((facets.tag?.[0]?.count ?? 0) >= 1);
  const id = (await ask())[0]?.id ?? "";
  const why = told(
    await client.GET("/api/v1/events/{id}/explain", { params: { path: { id }, query: { before: "2019" } } }),
  );
  assert.equal(why.reasons[0]?.parameter, "before");
}

async function beRefused(): Promise<void> {
  const query = { before: "in August" };
  const mistake = refused(await client.GET("/api/v1/events", { params: { query } }), 400);
  assert.equal(mistake.errors[0]?.parameter, "before");
  const untitled = refused(await client.POST("/api/v1/events", { body: { title: "" } }), 400);
  assert.equal(untitled.errors[0]?.pointer, "/title");
  const page = await fetch(new URL(untitled.type, baseUrl));
  assert.equal(page.status, 200);
  refused(await stranger.POST("/api/v1/events", { body: { title: "By a stranger" } }), 401);
}

await lookAround();
await readEveryKindOfFilter();
await walkToTheEndAndBack();
await publishIt(await writeOne());
await writeMany();
await importSome();
await takeItAway();
await countAndExplain();
await beRefused();
assert.ok(calls.length >= 40, `${calls.length} calls`);
