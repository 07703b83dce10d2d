/** A round trip through the service with the client of @hey-api/openapi-ts. */

import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { client } from "./heyapi/client.gen.js";
import { createClient } from "./heyapi/client/index.js";
import * as timeline from "./heyapi/index.js";

const { URL: baseUrl = "", TOKEN: token = "" } = process.env;
client.setConfig({ baseUrl, auth: token });
const stranger = createClient({ baseUrl });

type Answer<T> = { data?: T; error?: unknown; response: Response };

/** What came back, when it is what was asked for. */
async function told<T>(call: Promise<Answer<T>>): Promise<NonNullable<T>> {
  const answer = await call;
  assert.ok(answer.data, JSON.stringify(answer.error));
  return answer.data;
}

/** The problem that came back instead, as the client has it. */
async function refused(
  call: Promise<{ error?: timeline.Problem | unknown; response: Response }>,
  status: number,
): Promise<timeline.Problem> {
  const answer = await call;
  assert.equal(answer.response.status, status);
  const problem = answer.error as timeline.Problem;
  assert.equal(problem.status, status);
  return problem;
}

async function lookAround(): Promise<void> {
  assert.match((await told(timeline.index())).events, /\/events$/);
  assert.equal((await told(timeline.meRetrieve())).scope, "publish");
  const pages: Promise<Answer<{ results: unknown[] }>>[] = [
    timeline.actorsList({ query: { kind: ["person"], ordering: "-name" } }),
    timeline.affiliationsList(),
    timeline.placesList({ query: { country: ["CN"] } }),
    timeline.sourcesList({ query: { publisher: ["Reuters"] } }),
    timeline.citationsList(),
    timeline.claimsList({ query: { stance: ["denies", "accuses"] } }),
    timeline.figuresList(),
    timeline.relationsList(),
    timeline.timelinesList(),
    timeline.timelinesEventsList({ path: { slug: "fentanyl-2019" } }),
    timeline.tagsList(),
    timeline.vocabulariesTermsList({ path: { vocabulary: "roles" } }),
    timeline.searchList({ query: { q: "fentanyl" } }),
    timeline.changesFeed(),
  ];
  for (const page of pages) {
    assert.ok((await told(page)).results.length > 0);
  }
}

async function filterAndWalk(): Promise<void> {
  const ask = (query: timeline.EventsListData["query"]) => told(timeline.eventsList({ query }));
  const everything = (await ask({ page_size: 200 })).results;
  const part = everything.find((event) => event.participations.length > 0)?.participations[0];
  assert.ok(part);
  const some: timeline.EventsListData["query"][] = [
    { overlapping: "2019-08", match: "possible" },
    { actor: [part.actor.id], role: [part.role] },
    { tag: ["fentanyl", "trade"], has_citation: true },
    { not_status: ["planned"] },
    { q: "court", highlight: true, ordering: "relevance" },
    { expand: ["citations.source"] },
    { updated_since: "2019-01-01T00:00:00Z" },
  ];
  for (const filters of some) {
    assert.ok((await ask(filters)).results.length > 0, JSON.stringify(filters));
  }
  assert.deepEqual((await ask({ id: [randomUUID()] })).results, []);

  let page = await ask({ page_size: 3, count: true });
  const seen = page.results.map((event) => event.id);
  while (page.next) {
    const cursor = new URL(page.next).searchParams.get("cursor") ?? "";
    page = await ask({ page_size: 3, count: true, cursor });
    seen.push(...page.results.map((event) => event.id));
  }
  assert.equal(new Set(seen).size, page.count);
  assert.equal(seen.length, everything.length);
}

async function writeOne(): Promise<void> {
  const key = randomUUID();
  const headers = { "Idempotency-Key": key };
  const body = {
    title: "A generated client writes",
    date: { text: "late 2019" },
    dataset: "hey-api",
    external_id: key,
  };
  const made = await timeline.eventsCreate({ headers, body });
  const event = await told(Promise.resolve(made));
  const path = { id: event.id };
  assert.equal((await told(timeline.eventsCreate({ headers, body }))).id, event.id);
  assert.equal(event.date?.edtf, "2019-39");

  const person = await told(timeline.actorsCreate({ body: { name: "Somebody" } }));
  const patch = () =>
    timeline.eventsUpdate({
      path,
      headers: { "If-Match": made.response?.headers.get("ETag") ?? "" },
      body: {
        summary: "Patched.",
        kind: null,
        add_participations: [{ actor: person.id, role: "witness" }],
      },
    });
  const changed = await told(patch());
  assert.equal(changed.participations[0]?.actor.name, "Somebody");
  assert.equal(changed.dataset, "hey-api");
  assert.equal((await refused(patch(), 412)).type, "/problems/stale-version");

  const why = { reason: "Checked." };
  const uncited = await refused(timeline.eventsPublish({ path, body: why }), 409);
  assert.equal(uncited.type, "/problems/uncited");
  const source = await told(timeline.sourcesCreate({ body: { title: "A report" } }));
  await told(
    timeline.citationsCreate({ body: { source: source.id, event: event.id, locator: "page 1" } }),
  );
  await told(timeline.actorsPublish({ path: { id: person.id } }));
  const published = await told(timeline.eventsPublish({ path, body: why }));
  assert.ok(published.published_at);
  const seen = await told(timeline.eventsRetrieve({ client: stranger, path }));
  assert.equal(seen.created_at, null);
  const versions = await told(timeline.eventsHistory({ path }));
  assert.equal(versions.results[0]?.version, published.version);
  await told(timeline.eventsHistoryRevert({ path: { id: event.id, n: 1 } }));
  assert.equal((await told(timeline.eventsWithdraw({ path }))).publication, "withdrawn");
  await refused(timeline.eventsRetrieve({ client: stranger, path }), 404);
}

async function writeMany(): Promise<void> {
  const one = { op: "create", data: { title: "One of several" } } as const;
  const done = await told(timeline.eventsBatch({ body: { operations: [one, one] } }));
  const bad = { op: "delete", id: randomUUID() } as const;
  const none = await refused(timeline.eventsBatch({ body: { operations: [one, bad] } }), 404);
  assert.equal(none.errors[0]?.pointer, "/operations/1");
  for (const { id } of done.results) {
    const gone = await timeline.eventsDelete({ path: { id } });
    assert.equal(gone.response?.status, 204);
  }
}

async function importSome(): Promise<void> {
  const row = { dataset: "generated", external_id: "3", title: "Imported", edtf: "1863-04" };
  const file = new Blob([JSON.stringify(row)]);
  const report = await told(timeline.importsCreate({ query: { dry_run: true }, body: { file } }));
  assert.deepEqual([report.created, report.dry_run, report.id], [1, true, null]);
}

async function takeItAway(): Promise<void> {
  const query = { tag: ["fentanyl"] };
  assert.match(await told(timeline.eventsCsvExport({ query })), /^id,title/);
  assert.match(await told(timeline.eventsIcsExport()), /^BEGIN:VCALENDAR/);
  const atom = await told(timeline.eventsAtomExport({ parseAs: "blob" }));
  assert.match(await atom.text(), /<feed/);
  const lines = await told(timeline.eventsNdjsonExport({ parseAs: "blob" }));
  assert.match(await lines.text(), /^\{/);
  assert.equal((await told(timeline.eventsGeojsonExport({ query })))["type"], "FeatureCollection");
  assert.ok((await told(timeline.eventsXlsxExport({ parseAs: "blob" }))).size > 1000);
}

async function countAndExplain(): Promise<void> {
  const histogram = await told(timeline.eventsHistogram({ query: { interval: "year" } }));
  assert.ok(histogram.buckets.reduce((sum, bucket) => sum + bucket.expected, 0) > 1);
  const facets = await told(timeline.eventsFacets({ query: { by: ["kind", "tag"] } }));
  assert.ok((facets.tag?.[0]?.count ?? 0) >= 1);
  const [one] = (await told(timeline.eventsList({ query: { page_size: 1 } }))).results;
  assert.ok(one);
  const explained = timeline.eventsExplain({ path: { id: one.id }, query: { before: "2019" } });
  assert.equal((await told(explained)).reasons[0]?.parameter, "before");
}

async function beRefused(): Promise<void> {
  const mistake = await refused(timeline.eventsList({ query: { before: "in August" } }), 400);
  assert.equal(mistake.errors[0]?.parameter, "before");
  await refused(timeline.eventsCreate({ client: stranger, body: { title: "By a stranger" } }), 401);
}

await lookAround();
await filterAndWalk();
await writeOne();
await writeMany();
await importSome();
await takeItAway();
await countAndExplain();
await beRefused();
