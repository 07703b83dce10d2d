/** A round trip through the service with the client typescript-fetch of openapi-generator. */

import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import * as timeline from "./fetch/index.js";

const { URL: basePath = "", TOKEN: accessToken = "" } = process.env;
const told = new timeline.Configuration({ basePath, accessToken });
const events = new timeline.EventsApi(told);
const strangersEvents = new timeline.EventsApi(new timeline.Configuration({ basePath }));

/** The problem that comes back instead, as the client has it. */
async function refused(call: Promise<unknown>, status: number): Promise<timeline.Problem> {
  const refusal: unknown = await call.then(
    () => assert.fail("it was not refused"),
    (error: unknown) => error,
  );
  assert.ok(refusal instanceof timeline.ResponseError, String(refusal));
  assert.equal(refusal.response.status, status);
  const problem = timeline.ProblemFromJSON(await refusal.response.json());
  assert.equal(problem.status, status);
  return problem;
}

async function lookAround(): Promise<void> {
  assert.match((await new timeline.ServiceApi(told).index()).events, /\/events$/);
  assert.equal((await new timeline.MeApi(told).meRetrieve()).scope, "publish");
  const pages: Promise<{ results: unknown[] }>[] = [
    new timeline.ActorsApi(told).actorsList({ kind: ["person"], ordering: "-name" }),
    new timeline.AffiliationsApi(told).affiliationsList(),
    new timeline.PlacesApi(told).placesList({ country: ["CN"] }),
    new timeline.SourcesApi(told).sourcesList({ publisher: ["Reuters"] }),
    new timeline.CitationsApi(told).citationsList(),
    new timeline.ClaimsApi(told).claimsList({ stance: ["denies", "accuses"] }),
    new timeline.FiguresApi(told).figuresList(),
    new timeline.RelationsApi(told).relationsList(),
    new timeline.TimelinesApi(told).timelinesList(),
    new timeline.TimelinesApi(told).timelinesEventsList({ slug: "fentanyl-2019" }),
    new timeline.TagsApi(told).tagsList(),
    new timeline.VocabulariesApi(told).vocabulariesTermsList({ vocabulary: "roles" }),
    new timeline.SearchApi(told).searchList({ q: "fentanyl" }),
    new timeline.ChangesApi(told).changesFeed(),
  ];
  for (const page of await Promise.all(pages)) {
    assert.ok(page.results.length > 0);
  }
}

async function filterAndWalk(): Promise<void> {
  const everything = (await events.eventsList({ pageSize: 200 })).results;
  const part = everything.find((event) => event.participations.length > 0)?.participations[0];
  assert.ok(part);
  const some: timeline.EventsListRequest[] = [
    { overlapping: "2019-08", match: "possible" },
    { actor: [part.actor.id], role: [part.role] },
    { tag: ["fentanyl", "trade"], hasCitation: true },
    { notStatus: ["planned"] },
    { q: "court", highlight: true, ordering: "relevance" },
    { expand: ["citations.source"] },
    { updatedSince: new Date("2019-01-01T00:00:00Z") },
  ];
  for (const filters of some) {
    assert.ok((await events.eventsList(filters)).results.length > 0, JSON.stringify(filters));
  }
  assert.deepEqual((await events.eventsList({ id: [randomUUID()] })).results, []);

  let page = await events.eventsList({ pageSize: 3, count: true });
  const seen = page.results.map((event) => event.id);
  while (page.next) {
    const cursor = new URL(page.next).searchParams.get("cursor") ?? "";
    page = await events.eventsList({ pageSize: 3, count: true, cursor });
    seen.push(...page.results.map((event) => event.id));
  }
  assert.equal(new Set(seen).size, page.count);
  assert.equal(seen.length, everything.length);
}

async function writeOne(): Promise<void> {
  const idempotencyKey = randomUUID();
  const eventRequest: timeline.EventRequest = {
    title: "A generated client writes",
    date: { text: "late 2019" },
    dataset: "typescript-fetch",
    externalId: idempotencyKey,
  };
  const made = await events.eventsCreateRaw({ eventRequest, idempotencyKey });
  const event = await made.value();
  const id = event.id;
  assert.equal((await events.eventsCreate({ eventRequest, idempotencyKey })).id, id);
  assert.equal(event.date?.edtf, "2019-39");
  assert.ok(event.createdAt instanceof Date);

  const person = await new timeline.ActorsApi(told).actorsCreate({ actorRequest: { name: "Somebody" } });
  const ifMatch = made.raw.headers.get("ETag") ?? "";
  const patchedEventRequest: timeline.PatchedEventRequest = {
    summary: "Patched.",
    kind: null,
    addParticipations: [{ actor: person.id, role: "witness" }],
  };
  const changed = await events.eventsUpdate({ id, ifMatch, patchedEventRequest });
  assert.equal(changed.participations[0]?.actor.name, "Somebody");
  assert.equal(changed.dataset, "typescript-fetch");
  const stale = await refused(events.eventsUpdate({ id, ifMatch, patchedEventRequest }), 412);
  assert.equal(stale.type, "/problems/stale-version");

  const reasonRequest = { reason: "Checked." };
  const uncited = await refused(events.eventsPublish({ id, reasonRequest }), 409);
  assert.equal(uncited.type, "/problems/uncited");
  const source = await new timeline.SourcesApi(told).sourcesCreate({ sourceRequest: { title: "A report" } });
  await new timeline.CitationsApi(told).citationsCreate({
    citationRequest: { source: source.id, event: id, locator: "page 1" },
  });
  await new timeline.ActorsApi(told).actorsPublish({ id: person.id });
  const published = await events.eventsPublish({ id, reasonRequest });
  assert.ok(published.publishedAt);
  assert.equal((await strangersEvents.eventsRetrieve({ id })).createdAt, null);
  assert.equal((await events.eventsHistory({ id })).results[0]?.version, published.version);
  await events.eventsHistoryRevert({ id, n: 1 });
  assert.equal((await events.eventsWithdraw({ id })).publication, "withdrawn");
  await refused(strangersEvents.eventsRetrieve({ id }), 404);
}

async function writeMany(): Promise<void> {
  const one: timeline.OperationRequest = { op: "create", data: { title: "One of several" } };
  const done = await events.eventsBatch({ batchRequest: { operations: [one, one] } });
  const bad: timeline.OperationRequest = { op: "delete", id: randomUUID() };
  const none = await refused(events.eventsBatch({ batchRequest: { operations: [one, bad] } }), 404);
  assert.equal(none.errors[0]?.pointer, "/operations/1");
  for (const { id } of done.results) {
    await events.eventsDelete({ id });
  }
}

async function importSome(): Promise<void> {
  const row = { dataset: "generated", external_id: "2", title: "Imported", edtf: "1863-04" };
  const file = new Blob([JSON.stringify(row)]);
  const report = await new timeline.ImportsApi(told).importsCreate({ file, dryRun: true });
  assert.deepEqual([report.created, report.dryRun, report.id], [1, true, null]);
}

async function takeItAway(): Promise<void> {
  assert.match(await events.eventsCsvExport({ tag: ["fentanyl"] }), /^id,title/);
  assert.match(await events.eventsIcsExport(), /^BEGIN:VCALENDAR/);
  assert.match(await (await events.eventsAtomExport()).text(), /<feed/);
  assert.match(await (await events.eventsNdjsonExport()).text(), /^\{/);
  assert.equal((await events.eventsGeojsonExport())["type"], "FeatureCollection");
  assert.ok((await events.eventsXlsxExport()).size > 1000);
}

async function countAndExplain(): Promise<void> {
  const histogram = await events.eventsHistogram({ interval: "year" });
  assert.ok(histogram.buckets.reduce((sum, bucket) => sum + bucket.expected, 0) > 1);
  const facets = await events.eventsFacets({ by: ["kind", "tag"] });
  assert.ok((facets.tag?.[0]?.count ?? 0) >= 1);
  const id = (await events.eventsList({ pageSize: 1 })).results[0]?.id ?? "";
  const why = await events.eventsExplain({ id, before: "2019" });
  assert.equal(why.reasons[0]?.parameter, "before");
}

async function beRefused(): Promise<void> {
  const mistake = await refused(events.eventsList({ before: "in August" }), 400);
  assert.equal(mistake.errors[0]?.parameter, "before");
  const eventRequest = { title: "By a stranger" };
  await refused(strangersEvents.eventsCreate({ eventRequest }), 401);
}

await lookAround();
await filterAndWalk();
await writeOne();
await writeMany();
await importSome();
await takeItAway();
await countAndExplain();
await beRefused();
